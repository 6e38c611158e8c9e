using System.Text.Json.Nodes;

namespace UsageBilling.Sandbox.Bms;

/// <summary>What a person chooses from: each list of the tenant with the properties its rows have. Nobody changes them here.</summary>
internal sealed class BmsLists(IReadOnlyDictionary<string, IReadOnlyList<JsonObject>> rows)
{
    public const string Statuses = "statuses";
    public const string Priorities = "priorities";
    public const string Queues = "queues";
    public const string Slas = "slas";
    public const string WorkTypes = "worktypes";
    public const string IssueTypes = "issuetypes";
    public const string IssueSubTypes = "issuesubtypes";
    public const string TicketTypes = "tickettypes";
    public const string TicketSources = "ticketsources";
    public const string NoteTypes = "notetypes";
    public const string BillingCycles = "billingcycles";
    public const string ContractStatuses = "contractstatuses";

    /// <summary>Of a status: tickets that have it are done.</summary>
    public const int CompletedType = 3;

    private static readonly string[] Choice = ["id", "name", "isDefault", "isActive"];

    /// <summary>The properties of a list's rows as they are answered.</summary>
    public static IReadOnlyDictionary<string, string[]> Properties { get; } = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase)
    {
        [Statuses] = ["id", "name", "fontColor", "color", "statusOrder", "typeId", "isSystemStatus", "slaEventId", "isActive"],
        [Priorities] = ["id", "name", "color", "isDefault"],
        [Queues] = ["id", "name", "isActive"],
        [Slas] = Choice,
        [WorkTypes] = Choice,
        [IssueTypes] = ["id", "name", "isActive"],
        [IssueSubTypes] = ["id", "name"],
        [TicketTypes] = Choice,
        [TicketSources] = Choice,
        [NoteTypes] = Choice,
        [BillingCycles] = Choice,
        [ContractStatuses] = Choice,
    };

    public IReadOnlyList<JsonObject> Of(string list) => rows.GetValueOrDefault(list) ?? [];

    public JsonObject? Find(string list, int? id) => id is null ? null : Of(list).FirstOrDefault(row => Cell.Int(row["id"]) == id);

    public string? Name(string list, int? id) => Cell.Text(Find(list, id)?["name"]);
}
