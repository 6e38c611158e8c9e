using System.Globalization;
using System.Text.Json.Nodes;

namespace UsageBilling.Sandbox.UniView;

/// <summary>The customers and domains of the MSP, in the order they were added.</summary>
internal sealed class UniViewState
{
    public const int DomainsMax = 100_000;

    public List<JsonObject> Customers { get; } = [];

    public List<JsonObject> Domains { get; } = [];

    public JsonObject? Domain(string id) => Domains.Find(domain => domain[DomainField.Id]!.GetValue<string>() == id);

    /// <summary>What keeps the properties from being a domain's, or null. Nothing is changed.</summary>
    public static string? Objection(JsonObject properties)
    {
        foreach (var (name, value) in properties)
        {
            if (!DomainField.All.TryGetValue(name, out var field))
                return $"{name} is not a property of a domain that can be set.";
            if (value is null ? !field.Nullable : !field.Suits(value))
                return $"{name} must be {field.Expected}{(field.Nullable ? " or null" : "")}.";
        }

        return null;
    }

    public static int? Count(JsonObject domain, string name) =>
        domain[name] is { } value ? int.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;

    public UniViewState Copy()
    {
        var copy = new UniViewState();
        copy.Restore(ToJson());
        return copy;
    }

    public JsonObject ToJson() => new()
    {
        ["customers"] = new JsonArray([.. Customers.Select(customer => customer.DeepClone())]),
        ["domains"] = new JsonArray([.. Domains.Select(domain => domain.DeepClone())]),
    };

    public void Restore(JsonObject saved)
    {
        Customers.Clear();
        Customers.AddRange(SeedFile.Objects(saved, "customers"));
        Domains.Clear();
        Domains.AddRange(SeedFile.Objects(saved, "domains"));
    }
}
