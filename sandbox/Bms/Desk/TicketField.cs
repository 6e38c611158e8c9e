using System.Text.Json;
using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Bms.Asking;

namespace UsageBilling.Sandbox.Bms.Desk;

/// <summary>A field of a ticket that a client may set, when it is made or later by a patch.</summary>
/// <param name="Read">The value as it is kept, or null with an error told.</param>
/// <param name="Exists">Whether what an id names is there; the row says which account it is for. Null where a field names nothing.</param>
internal sealed record TicketField(string Name, bool Required, Func<BodyFields, string, bool, JsonNode?> Read, Func<BmsState, JsonObject, int, bool>? Exists)
{
    public static IReadOnlyList<TicketField> All { get; } =
    [
        new("Title", true, Text, null),
        new("Details", true, Text, null),
        new("AccountId", true, Id, (state, _, id) => state.Accounts.Find(id) is not null),
        new("LocationId", true, Id, (state, row, id) => state.Location(Cell.Int(row["accountId"]), id) is not null),
        new("StatusId", true, Id, In(BmsLists.Statuses)),
        new("PriorityId", true, Id, In(BmsLists.Priorities)),
        new("TypeId", true, Id, In(BmsLists.TicketTypes)),
        new("SourceId", true, AnyId, In(BmsLists.TicketSources)),
        new("OpenDate", true, Instant, null),
        new("DueDate", false, Instant, null),
        new("QueueId", false, Id, In(BmsLists.Queues)),
        new("IssueTypeId", false, Id, In(BmsLists.IssueTypes)),
        new("SubIssueTypeId", false, Id, (state, row, id) => Cell.Int(state.Lists.Find(BmsLists.IssueSubTypes, id)?["issueTypeId"]) is { } issueType && issueType == Cell.Int(row["issueTypeId"])),
        new("WorkTypeId", false, Id, In(BmsLists.WorkTypes)),
        new("SLAId", false, Id, In(BmsLists.Slas)),
        new("ContractId", false, Id, (state, row, id) => Cell.Int(state.Contracts.Find(id)?["accountId"]) is { } account && account == Cell.Int(row["accountId"])),
        new("AssigneeId", false, Id, null),
        new("ContactId", false, Id, Nobody),
        new("SoftwareAssetId", false, Id, Nobody),
        new("HardwareAssetId", false, Id, Nobody),
    ];

    /// <summary>Its name in rows and answers.</summary>
    public string Property { get; } = JsonNamingPolicy.CamelCase.ConvertName(Name);

    public static TicketField? Find(string name) => All.FirstOrDefault(field => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Tells what the row names that is not there.</summary>
    public static void Check(BmsState state, JsonObject row, List<string> errors) => errors.AddRange(
        from field in All
        let id = Cell.Int(row[field.Property])
        where id is not null && field.Exists?.Invoke(state, row, id.Value) == false
        select $"The {field.Name} {id} does not exist.");

    private static JsonNode? Text(BodyFields fields, string name, bool required) => fields.Text(name, required);

    private static JsonNode? Id(BodyFields fields, string name, bool required) => fields.Int(name, required, least: 1);

    private static JsonNode? AnyId(BodyFields fields, string name, bool required) => fields.Int(name, required);

    private static JsonNode? Instant(BodyFields fields, string name, bool required) => fields.Instant(name, required) is { } instant ? Cell.Wire(instant) : null;

    private static Func<BmsState, JsonObject, int, bool> In(string list) => (state, _, id) => state.Lists.Find(list, id) is not null;

    /// <summary>There are no contacts and no assets here.</summary>
    private static bool Nobody(BmsState state, JsonObject row, int id) => false;
}
