using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Bms.Asking;

namespace UsageBilling.Sandbox.Bms.Desk;

/// <summary>The criteria of a ticket list, tested on tickets as lists show them. Those about assets, recurrence and service levels are passed over.</summary>
internal static class TicketFilter
{
    private static readonly (string Name, string Property)[] Parts =
    [
        ("Title", "title"), ("Details", "details"), ("Account", "accountName"), ("AccountCode", "accountCode"), ("LocationName", "locationName"),
        ("AssigneeName", "assigneeName"), ("TicketNumber", "ticketNumber"), ("CreatedByName", "createdByName"), ("ContactName", "contactName"),
    ];

    private static readonly (string Name, string Property)[] Names =
    [
        ("StatusNames", "statusName"), ("QueueNames", "queueName"), ("PriorityNames", "priorityName"), ("TicketTypeNames", "typeName"), ("IssueTypeNames", "issueTypeName"),
        ("SubIssueTypeNames", "subIssueTypeName"), ("ServiceLevelAgreementNames", "slaName"),
    ];

    private static readonly (string Name, string Property)[] Ids =
        [("AccountIds", "accountId"), ("AccountLocationId", "locationId"), ("SourceIds", "sourceId"), ("ContactId", "contactId")];

    private static readonly (string Name, string Property)[] Dates =
    [
        ("OpenDate", "openDate"), ("DueDate", "dueDate"), ("CompletedDate", "completedDate"), ("CreatedOn", "createdOn"), ("LastActivityUpdate", "lastActivityUpdate"),
        ("LastStatusUpdate", "lastStatusUpdate"), ("LastPriorityUpdate", "lastPriorityUpdate"), ("LastQueueUpdate", "lastQueueUpdate"),
    ];

    public static Func<JsonObject, bool> Of(Criteria criteria)
    {
        var openOnly = criteria.Flag("ExcludeCompleted") ?? false;
        List<Func<JsonObject, bool>> tests =
        [
            row => !openOnly || row["completedDate"] is null,
            .. Parts.Select(part => Test(part.Property, criteria.Contains(part.Name), Cell.Text)),
            .. Names.Select(name => Test(name.Property, criteria.OneOf(name.Name), Cell.Text)),
            .. Ids.Select(id => Test(id.Property, criteria.AnyOf(id.Name), Cell.Int)),
            .. Dates.Select(date => Test(date.Property, criteria.Between(date.Name), Cell.Instant)),
        ];
        return row => tests.TrueForAll(test => test(row));
    }

    private static Func<JsonObject, bool> Test<T>(string property, Func<T, bool> suits, Func<JsonNode?, T> read) => row => suits(read(row[property]));
}
