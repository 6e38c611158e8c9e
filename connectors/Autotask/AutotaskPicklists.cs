using System.Text.Json;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Autotask;

/// <summary>A value that a field of an entity may be given.</summary>
internal sealed record PicklistValue(string Field, string Value, string Label, bool Active, bool Preset);

/// <summary>What the fields of an entity choose from, as this tenant has set it up. Numbers differ from tenant to tenant, so they are read and never known.</summary>
internal sealed class AutotaskPicklists(AutotaskCalls calls, TimeProvider time)
{
    private const int ValuesMax = 20_000;
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(1);
    private readonly PerIntegration<Believed> _believed = new();

    /// <summary>The lists as they were read within the last hour.</summary>
    public async Task<VendorAnswer<IReadOnlyList<PicklistValue>>> Of(VendorAccess access, string entity, CancellationToken cancellation)
        => _believed.Known(access.Integration, Key(access, entity)) is { } known && time.GetUtcNow() < known.Until
            ? Answers.Of(known.Values)
            : await Read(access, entity, cancellation);

    /// <summary>Reads the lists anew.</summary>
    public Task<VendorAnswer<IReadOnlyList<PicklistValue>>> Read(VendorAccess access, string entity, CancellationToken cancellation)
        => calls.Get(access, entity, entity + "/entityInformation/fields", cancellation).Then(FromJson).Then(values =>
        {
            _believed.Remember(access.Integration, Key(access, entity), new Believed(values, time.GetUtcNow() + s_lifetime));
            return Answers.Of(values);
        });

    private static VendorAnswer<IReadOnlyList<PicklistValue>> FromJson(JsonElement body)
    {
        if (body.Field("fields") is not { ValueKind: JsonValueKind.Array } fields)
            return Answers.Malformed<IReadOnlyList<PicklistValue>>("answer_not_list", "The answer has no list of fields.");
        var values = new List<PicklistValue>();
        foreach (var field in fields.EnumerateArray())
        {
            if (field.Field("picklistValues") is not { ValueKind: JsonValueKind.Array } choices) continue;
            foreach (var choice in choices.EnumerateArray())
            {
                if (FromJson(field, choice).Into(values) is { } unreadable) return Answers.Failed<IReadOnlyList<PicklistValue>>(unreadable);
                if (values.Count > ValuesMax)
                    return Answers.Malformed<IReadOnlyList<PicklistValue>>("too_many_records", $"The lists have more than {ValuesMax} values.");
            }
        }

        return Answers.Of<IReadOnlyList<PicklistValue>>(values);
    }

    private static VendorAnswer<PicklistValue> FromJson(JsonElement field, JsonElement choice)
        => field.Text("name") is { } name && choice.Text("value") is { } value
            ? Answers.Of(new PicklistValue(name, value, choice.Text("label") ?? value, choice.Flag("isActive") ?? true, choice.Flag("isDefaultValue") ?? false))
            : Answers.Malformed<PicklistValue>("row_unreadable", "A value of a list lacks what it must have.");

    private static string Key(VendorAccess access, string entity) => $"{entity}\n{access.BaseUrl.OriginalString}\n{access.User}";

    private sealed record Believed(IReadOnlyList<PicklistValue> Values, DateTimeOffset Until);
}
