using System.Globalization;

namespace UsageBilling.Sandbox.Bms.Routes;

internal enum BmsCall
{
    SignIn,
    RefreshToken,
    UserInfo,
    AccountsLookup,
    AccountsSummary,
    AccountSummary,
    AccountLocations,
    ContractsLookup,
    ContractsSummary,
    CreateContract,
    AddServices,
    ActivateContract,
    DeactivateContract,
    ServicesLookup,
    ServicesSearch,
    Service,
    RelatedServices,
    NamedList,
    IssueTypes,
    IssueSubTypes,
    TableLookup,
    Tickets,
    TicketsSummary,
    TicketsCount,
    CreateTicket,
    Ticket,
    PatchTicket,
    Notes,
    AddNote,
}

internal enum BmsReply
{
    /// <summary>One thing, or what a write made.</summary>
    One,

    /// <summary>All rows at once.</summary>
    Whole,

    /// <summary>Pages that do not say how many rows there are.</summary>
    Pages,

    /// <summary>Pages with <c>totalRecords</c>.</summary>
    CountedPages,
}

/// <summary>An operation of the vendor's description. Its template names it for the hourly limit.</summary>
/// <param name="Criteria">Where the criteria of a list stand: in the query under <c>Filter.</c>, in the query under bare names, or in the body.</param>
internal sealed record BmsRoute(string Method, string Template, BmsCall Call, BmsReply Reply = BmsReply.One, CriteriaPlace Criteria = CriteriaPlace.Filter)
{
    private readonly string[] words = Template.Split('/');

    public string Name => $"{Method} {Template}";

    public bool IsWrite => Call is BmsCall.CreateContract or BmsCall.AddServices or BmsCall.ActivateContract or BmsCall.DeactivateContract
        or BmsCall.CreateTicket or BmsCall.PatchTicket or BmsCall.AddNote;

    public bool NeedsToken => Call is not (BmsCall.SignIn or BmsCall.RefreshToken);

    public bool TakesJson => NeedsToken && Method is "POST" or "PATCH";

    /// <summary>The values of the template's holes, or null when the path is another's.</summary>
    public IReadOnlyList<string>? Fit(IReadOnlyList<string> segments)
    {
        if (segments.Count != words.Length)
            return null;
        List<string> holes = [];
        for (var at = 0; at < words.Length; at++)
        {
            if (words[at][0] != '{')
            {
                if (!string.Equals(words[at], segments[at], StringComparison.OrdinalIgnoreCase))
                    return null;
                continue;
            }

            if (words[at] != "{tableName}" && !int.TryParse(segments[at], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
                return null;
            holes.Add(segments[at]);
        }

        return holes;
    }
}

internal enum CriteriaPlace
{
    Filter,
    Bare,
    Body,
}

/// <summary>A route and what its path names.</summary>
internal sealed record BmsMatch(BmsRoute Route, IReadOnlyList<string> Holes)
{
    /// <summary>The id in the path.</summary>
    public int Id => int.Parse(Holes[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    /// <summary>The word before <c>lookup</c>, which names the list.</summary>
    public string ListName => Route.Template.Split('/')[^2];
}
