using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Interfaces.Desk;

/// <summary>How the lists of a PSA are stored and told.</summary>
public static class DeskListName
{
    /// <summary>Every list by its name.</summary>
    public static IReadOnlyDictionary<string, DeskList> All { get; } = new Dictionary<string, DeskList>
    {
        ["location"] = DeskList.Location, ["queue"] = DeskList.Queue, ["status"] = DeskList.Status, ["ticket_type"] = DeskList.TicketType,
        ["source"] = DeskList.Source, ["priority"] = DeskList.Priority, ["issue_type"] = DeskList.IssueType,
    };

    /// <summary>The name of a list; empty for what is no list's: an account.</summary>
    public static string Of(DeskList? list) => list is { } known ? All.First(pair => pair.Value == known).Key : "";
}
