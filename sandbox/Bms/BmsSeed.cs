using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Bms.Access;
using UsageBilling.Sandbox.Bms.Crm;
using UsageBilling.Sandbox.Bms.Desk;
using UsageBilling.Sandbox.Bms.Finance;

namespace UsageBilling.Sandbox.Bms;

/// <summary>
/// Reads a region's file: the tenant and its users, the lists, and rows in the vendor's names. Contracts have their <c>lines</c>, tickets their <c>notes</c> inside.
/// </summary>
internal sealed record BmsSeed(BmsTenant Tenant, BmsState State)
{
    private const string EpochOfSeed = "2025-01-01T00:00:00Z";

    public static bool IsIn(string folder, BmsRegion region) => File.Exists(Path.Combine(folder, FileOf(region)));

    public static BmsSeed Load(string folder, BmsRegion region)
    {
        var file = FileOf(region);
        var reader = new Reader(file, SeedFile.Read(folder, file));
        return new BmsSeed(reader.Tenant(), reader.State());
    }

    private static string FileOf(BmsRegion region) => region.Name + ".json";

    private sealed class Reader(string file, JsonObject seed)
    {
        private static readonly string[] Marks = ["createdBy", "createdOn", "modifiedBy", "modifiedOn"];

        public BmsTenant Tenant()
        {
            var users = SeedFile.Objects(seed, "users").Select(user => new BmsUser(
                Needed(Cell.Int(user["id"]), "every user needs an id."),
                Needed(Cell.Text(user["userName"]), "every user needs a userName."),
                Needed(Cell.Text(user["password"]), "every user needs a password."),
                Cell.Text(user["fullName"]) ?? "",
                Cell.Text(user["mfaCode"]),
                Cell.Flag(user["hasApiAccess"]) ?? true));
            return new BmsTenant(Needed(Cell.Int(seed["tenantId"]), "it needs a tenantId."), Needed(Cell.Text(seed["tenant"]), "it needs a tenant."), [.. users]);
        }

        public BmsState State()
        {
            var state = new BmsState(Lists());
            foreach (var account in SeedFile.Objects(seed, "accounts"))
                Add(state.Accounts, "accounts", account, Accounts.Properties, new JsonObject { ["tenantName"] = seed["tenant"]?.DeepClone(), ["isActive"] = true, ["isBilling"] = true });
            foreach (var service in SeedFile.Objects(seed, "services"))
                Add(state.Services, "services", service, Services.Properties, new JsonObject { ["isActive"] = true, ["isTaxable"] = false, ["createdBy"] = 1, ["modifiedBy"] = 1, ["modifiedOn"] = EpochOfSeed });
            foreach (var contract in SeedFile.Objects(seed, "contracts"))
                AddContract(state, contract);
            foreach (var ticket in SeedFile.Objects(seed, "tickets"))
                Add(state.Tickets, "tickets", ticket, TicketShape.Kept, new JsonObject { ["lastActivityUpdate"] = EpochOfSeed });
            return state;
        }

        private void AddContract(BmsState state, JsonObject contract)
        {
            var lines = SeedFile.Objects(contract, "lines").ToList();
            contract.Remove("lines");
            var id = Add(state.Contracts, "contracts", contract, Contracts.Kept, new JsonObject
            {
                ["statusId"] = Contracts.ActiveStatus,
                ["isDefaultContract"] = false,
                ["isNotificationEnabled"] = false,
            });
            foreach (var line in lines)
            {
                if (state.Services.Find(Cell.Int(line["serviceId"])) is not { } service || Cell.Int(line["units"]) is null)
                    throw Wrong("a line of a contract needs its units and the serviceId of one of the services.");
                Add(state.Lines, "lines", line, ContractLines.Kept, new JsonObject
                {
                    ["contractId"] = id,
                    ["serviceName"] = service["name"]?.DeepClone(),
                    ["serviceDescription"] = service["description"]?.DeepClone(),
                    ["unitCost"] = service["unitCost"]?.DeepClone(),
                    ["unitPrice"] = service["unitPrice"]?.DeepClone(),
                    ["effectiveDate"] = contract["startDate"]?.DeepClone(),
                    ["sortOrder"] = 0,
                });
            }
        }

        private BmsLists Lists()
        {
            var lists = seed["lists"] as JsonObject ?? [];
            var rows = new Dictionary<string, IReadOnlyList<JsonObject>>(StringComparer.OrdinalIgnoreCase);
            foreach (var (name, _) in lists)
            {
                if (!BmsLists.Properties.TryGetValue(name, out var properties))
                    throw Wrong($"{name} is not one of the lists.");
                rows[name] = [.. SeedFile.Objects(lists, name).Select(row => Checked(row, name, [.. properties, "issueTypeId"]))];
            }

            return new BmsLists(rows);
        }

        private long Add(Table table, string name, JsonObject row, IReadOnlyList<string> properties, JsonObject defaults)
        {
            Checked(row, name, [.. properties, .. Marks]);
            defaults["createdBy"] ??= 1;
            defaults["createdOn"] = EpochOfSeed;
            foreach (var (property, value) in defaults)
                row[property] ??= value?.DeepClone();
            if (table.Find(Needed(Cell.Int(row["id"]), $"every one of the {name} needs an id.")) is not null)
                throw Wrong($"every one of the {name} needs an id of its own.");
            return table.Insert(row);
        }

        /// <summary>A typing mistake in a seed must not go unnoticed.</summary>
        private JsonObject Checked(JsonObject row, string name, IReadOnlyList<string> properties)
        {
            var unknown = row.Select(property => property.Key).FirstOrDefault(property => !properties.Contains(property));
            return unknown is null ? row : throw Wrong($"{unknown} is not a property of {name}.");
        }

        private T Needed<T>(T? value, string what)
            where T : struct => value ?? throw Wrong(what);

        private string Needed(string? value, string what) => value ?? throw Wrong(what);

        private SandboxCannotStartException Wrong(string what) => new($"The seed file {file} cannot be used: {what}", null);
    }
}
