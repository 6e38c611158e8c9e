using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Bms;

/// <summary>The lists that a ticket chooses from. Locations come with the accounts they belong to: asked for one by one they would cost a call for each account.</summary>
internal sealed class BmsDeskLists(BmsLists lists, ConnectorOptions options)
{
    private const int ValuesMax = 20_000;
    private readonly (DeskList List, string Path)[] _lookups =
    [
        (DeskList.Status, "system/statuses/lookup"), (DeskList.Priority, "system/priorities/lookup"), (DeskList.Queue, "system/queues/lookup"), (DeskList.IssueType, "system/issuetypes/lookup"),
    ];

    public async Task<VendorAnswer<IReadOnlyList<DeskValue>>> All(VendorAccess access, CancellationToken cancellation)
    {
        var values = new List<DeskValue>();
        foreach (var (list, path) in _lookups)
            if (Into(values, await Lookup(access, list, BmsList.Of(path), cancellation)) is { } failure)
                return Answers.Failed<IReadOnlyList<DeskValue>>(failure);
        foreach (var (list, table) in new[] { (DeskList.TicketType, options.BmsTicketTypes), (DeskList.Source, options.BmsTicketSources) })
            if (Into(values, await Table(access, list, table, cancellation)) is { } failure)
                return Answers.Failed<IReadOnlyList<DeskValue>>(failure);
        if (Into(values, await Locations(access, cancellation)) is { } unread) return Answers.Failed<IReadOnlyList<DeskValue>>(unread);
        return values.Count <= ValuesMax ? Answers.Of<IReadOnlyList<DeskValue>>(values)
            : Answers.Malformed<IReadOnlyList<DeskValue>>("too_many_records", $"The lists have {values.Count} values; at most {ValuesMax} are read.");
    }

    private Task<VendorAnswer<IReadOnlyList<DeskValue>>> Lookup(VendorAccess access, DeskList list, BmsList lookup, CancellationToken cancellation)
        => lists.Unpaged(access, lookup with { RowsMax = ValuesMax }, row => ValueFromJson(list, row), cancellation);

    /// <summary>A table whose name Kaseya documents nowhere, nor whether it is everybody's or a tenant's own. A name that neither knows is a list that the PSA does not have.</summary>
    private async Task<VendorAnswer<IReadOnlyList<DeskValue>>> Table(VendorAccess access, DeskList list, string table, CancellationToken cancellation)
    {
        foreach (var place in new[] { "system/lookup", "system/tenantlookup" })
        {
            var answer = await Lookup(access, list, new BmsList(place, $"{place}/{Uri.EscapeDataString(table)}"), cancellation);
            if (answer is VendorAnswer<IReadOnlyList<DeskValue>>.Answered { Value.Count: > 0 } or VendorAnswer<IReadOnlyList<DeskValue>>.Failed { Failure.Kind: not VendorFailureKind.Rejected }) return answer;
        }

        return Answers.Of<IReadOnlyList<DeskValue>>([]);
    }

    private Task<VendorAnswer<IReadOnlyList<DeskValue>>> Locations(VendorAccess access, CancellationToken cancellation)
        => lists.All(access, BmsList.Of(BmsConnector.AccountsPath), LocationsFromJson, cancellation)
            .Then(places => Answers.Of<IReadOnlyList<DeskValue>>([.. places.SelectMany(ofAccount => ofAccount)]));

    private static VendorAnswer<IReadOnlyList<DeskValue>> LocationsFromJson(BmsRow account)
    {
        var places = new List<DeskValue>();
        foreach (var row in account.List("locations") ?? [])
            if (LocationFromJson(new BmsRow(row), account.Id("id")).Into(places) is { } unreadable)
                return Answers.Failed<IReadOnlyList<DeskValue>>(unreadable);
        return Answers.Of<IReadOnlyList<DeskValue>>(places);
    }

    private static VendorAnswer<DeskValue> LocationFromJson(BmsRow row, string? account)
        => account is not null && row.Id("id") is { } id && row.Text("locationName") is { } name
            ? Answers.Of(new DeskValue(DeskList.Location, id, name, row.Flag("isActive") ?? true, row.Flag("isMain") ?? false, account))
            : BmsRows.Unreadable<DeskValue>("location", row);

    // A source may be number 0.
    private static VendorAnswer<DeskValue> ValueFromJson(DeskList list, BmsRow row)
        => (row.Id("id") ?? (row.Whole("id") == 0 ? "0" : null)) is { } id && row.Text("name") is { } name
            ? Answers.Of(new DeskValue(list, id, name, row.Flag("isActive") ?? true, row.Flag("isDefault") ?? false))
            : BmsRows.Unreadable<DeskValue>("value", row);

    private static VendorFailure? Into(List<DeskValue> values, VendorAnswer<IReadOnlyList<DeskValue>> answer)
    {
        if (answer is VendorAnswer<IReadOnlyList<DeskValue>>.Failed failed) return failed.Failure;
        values.AddRange(((VendorAnswer<IReadOnlyList<DeskValue>>.Answered)answer).Value);
        return null;
    }
}
