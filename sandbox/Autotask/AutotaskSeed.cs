using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Autotask.Entities;
using UsageBilling.Sandbox.Autotask.Units;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Autotask;

/// <summary>Reads <c>autotask.json</c>: rows as the api would show them, contracts with their <c>lines</c>, each line with its <c>units</c>; user-defined fields by name.</summary>
internal static class AutotaskSeed
{
    /// <summary>The resource behind the api user.</summary>
    public const long ApiResourceId = 29682885;

    private const string FileName = "autotask.json";
    private const string EpochOfSeed = "2025-01-01T00:00:00Z";

    public static AutotaskState Load(string folder)
    {
        var seed = SeedFile.Read(folder, FileName);
        var state = new AutotaskState(new Picklists(seed["picklists"] as JsonObject ?? []), new UserDefinedFields(seed["userDefinedFields"] as JsonObject ?? []));
        foreach (var company in SeedFile.Objects(seed, "companies"))
            Add(state, EntityCatalogue.Companies, company, new JsonObject { ["isActive"] = true, ["companyType"] = 1, ["ownerResourceID"] = ApiResourceId, ["createDate"] = EpochOfSeed });
        foreach (var location in SeedFile.Objects(seed, "locations"))
            Add(state, EntityCatalogue.CompanyLocations, location, new JsonObject { ["isActive"] = true, ["isPrimary"] = false });
        foreach (var contact in SeedFile.Objects(seed, "contacts"))
            Add(state, EntityCatalogue.Contacts, contact, new JsonObject { ["isActive"] = 1, ["createDate"] = EpochOfSeed });
        foreach (var service in SeedFile.Objects(seed, "services"))
            Add(state, EntityCatalogue.Services, service, new JsonObject { ["isActive"] = true, ["periodType"] = 2, ["createDate"] = EpochOfSeed });
        foreach (var bundle in SeedFile.Objects(seed, "serviceBundles"))
            Add(state, EntityCatalogue.ServiceBundles, bundle, new JsonObject { ["isActive"] = true, ["periodType"] = 2, ["createDate"] = EpochOfSeed });
        foreach (var contract in SeedFile.Objects(seed, "contracts"))
            AddContract(state, contract);
        foreach (var ticket in SeedFile.Objects(seed, "tickets"))
            Add(state, EntityCatalogue.Tickets, ticket, new JsonObject { ["createDate"] = EpochOfSeed });
        return state;
    }

    private static void AddContract(AutotaskState state, JsonObject seeded)
    {
        var contract = (JsonObject)seeded.DeepClone();
        contract.Remove("lines");
        var added = Add(state, EntityCatalogue.Contracts, contract, new JsonObject
        {
            ["contractType"] = 7,
            ["contractPeriodType"] = 2,
            ["status"] = 1,
            ["timeReportingRequiresStartAndStopTimes"] = 0,
        });
        foreach (var line in SeedFile.Objects(seeded, "lines"))
        {
            var units = Row.Long(line, "units") ?? throw Wrong("a line of a contract has no units.");
            line.Remove("units");
            var row = Checked(state, EntityCatalogue.ContractServices, line);
            if (state.Of(EntityCatalogue.Services).Find(Row.Long(row, "serviceID")) is null)
                throw Wrong("a line of a contract names a service that is not in services.");
            new ServiceLines(state, LineKind.Service).Add(added, row, units);
        }
    }

    private static JsonObject Add(AutotaskState state, EntityDescription entity, JsonObject seeded, JsonObject defaults)
    {
        foreach (var (name, value) in defaults)
            seeded[name] ??= value?.DeepClone();
        var row = Checked(state, entity, seeded);
        if (Row.Long(row, "id") is null || state.Of(entity).Find(Row.Long(row, "id")) is not null)
            throw Wrong($"every one of the {entity.Plural} needs an id of its own.");
        state.Of(entity).Insert(row);
        return row;
    }

    private static JsonObject Checked(AutotaskState state, EntityDescription entity, JsonObject seeded)
    {
        var row = new JsonObject();
        foreach (var (name, value) in seeded)
        {
            if (name == "userDefinedFields" && value is JsonObject own)
            {
                row[Row.UserDefined] = Own(state, entity, own);
                continue;
            }

            if (entity.Field(name) is not { } field)
                throw Wrong($"{name} is not a property of {entity.Plural}.");
            if (value is null)
                continue;
            var read = FieldValue.Read(field.Type, value) ?? throw Wrong($"{name} of {entity.Plural} is not of type {field.DataType}.");
            if (field.References is { } other && state.Of(EntityCatalogue.ByPlural(other)!).Find((long)(decimal)read) is null)
                throw Wrong($"{name} {read} of {entity.Plural} is not among the {other}.");
            row[field.Name] = FieldValue.Stored(field.Type, read);
        }

        return row;
    }

    private static JsonObject Own(AutotaskState state, EntityDescription entity, JsonObject seeded)
    {
        var own = new JsonObject();
        foreach (var (name, value) in seeded)
        {
            if (state.UserDefinedFields.Find(entity, name) is not { } field)
                throw Wrong($"{name} is not one of the user-defined fields of {entity.Plural}.");
            var text = value?.ToString() ?? "";
            if (field.Objection(text) is { } objection)
                throw Wrong(objection);
            own[field.Name] = text;
        }

        return own;
    }

    private static SandboxCannotStartException Wrong(string what) => new($"The seed file {FileName} cannot be used: {what}", null);
}
