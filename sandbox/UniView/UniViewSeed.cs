using System.Text.Json.Nodes;

namespace UsageBilling.Sandbox.UniView;

/// <summary>Reads <c>uniview.json</c>: customers, and domains with the properties the api shows.</summary>
internal static class UniViewSeed
{
    private const string FileName = "uniview.json";

    public static UniViewState Load(string folder)
    {
        var seed = SeedFile.Read(folder, FileName);
        var state = new UniViewState();
        foreach (var customer in SeedFile.Objects(seed, "customers"))
        {
            if (!Guid.TryParse(customer["id"]?.ToString(), out _))
                throw Wrong("every customer needs an id that is a UUID.");
            state.Customers.Add(new JsonObject { ["id"] = customer["id"]!.DeepClone(), ["name"] = customer["name"]?.DeepClone() });
        }

        foreach (var domain in SeedFile.Objects(seed, "domains"))
        {
            if (UniViewState.Objection(domain) is { } objection)
                throw Wrong(objection);
            if (domain[DomainField.Id] is not { } id || state.Domain(id.GetValue<string>()) is not null)
                throw Wrong("every domain needs an id of its own.");
            state.Domains.Add(domain);
        }

        return state;
    }

    private static SandboxCannotStartException Wrong(string what) => new($"The seed file {FileName} cannot be used: {what}", null);
}
