namespace UsageBilling.Sandbox.Bms.Routes;

/// <summary>Every operation there is here. None of them changes the units of a line that exists, because the vendor has none.</summary>
internal static class BmsRoutes
{
    public static IReadOnlyList<BmsRoute> All { get; } =
    [
        new("POST", "v2/security/authenticate", BmsCall.SignIn),
        new("POST", "v2/security/refreshtoken", BmsCall.RefreshToken),
        new("GET", "v2/security/userinfo", BmsCall.UserInfo),
        new("GET", "v2/crm/accounts/lookup", BmsCall.AccountsLookup, BmsReply.Pages),
        new("GET", "v2/crm/accounts/summary", BmsCall.AccountsSummary, BmsReply.CountedPages),
        new("GET", "v2/crm/accounts/summary/{id}", BmsCall.AccountSummary),
        new("GET", "v2/crm/accounts/{accountId}/locations/lookup", BmsCall.AccountLocations, BmsReply.Whole),
        new("GET", "v2/finance/contracts/lookup", BmsCall.ContractsLookup, BmsReply.Whole, CriteriaPlace.Bare),
        new("GET", "v2/finance/contracts/summary", BmsCall.ContractsSummary, BmsReply.CountedPages),
        new("POST", "v2/finance/contracts/recurringservices", BmsCall.CreateContract),
        new("POST", "v2/finance/contracts/recurringservices/{contractId}/services", BmsCall.AddServices),
        new("PUT", "v2/finance/contracts/{contractId}/activate", BmsCall.ActivateContract),
        new("PUT", "v2/finance/contracts/{contractId}/deactivate", BmsCall.DeactivateContract),
        new("GET", "v2/admin/finance/services/lookup", BmsCall.ServicesLookup, BmsReply.CountedPages),
        new("POST", "v2/admin/finance/services/search", BmsCall.ServicesSearch, BmsReply.CountedPages, CriteriaPlace.Body),
        new("GET", "v2/admin/finance/services/{serviceId}", BmsCall.Service),
        new("POST", "v2/admin/finance/services/{serviceId}/relatedservices/search", BmsCall.RelatedServices, BmsReply.CountedPages, CriteriaPlace.Body),
        new("GET", "v2/system/statuses/lookup", BmsCall.NamedList, BmsReply.Whole),
        new("GET", "v2/system/priorities/lookup", BmsCall.NamedList, BmsReply.Whole),
        new("GET", "v2/system/queues/lookup", BmsCall.NamedList, BmsReply.Whole),
        new("GET", "v2/system/slas/lookup", BmsCall.NamedList, BmsReply.Whole),
        new("GET", "v2/system/worktypes/lookup", BmsCall.NamedList, BmsReply.Whole),
        new("GET", "v2/system/issuetypes/lookup", BmsCall.IssueTypes, BmsReply.Whole),
        new("GET", "v2/system/issuetypes/{issueTypeId}/issuesubtypes/lookup", BmsCall.IssueSubTypes, BmsReply.Whole),
        new("GET", "v2/system/lookup/{tableName}", BmsCall.TableLookup, BmsReply.Whole),
        new("GET", "v2/servicedesk/tickets", BmsCall.Tickets, BmsReply.CountedPages),
        new("POST", "v2/servicedesk/tickets", BmsCall.CreateTicket),
        new("POST", "v2/servicedesk/tickets/search", BmsCall.Tickets, BmsReply.CountedPages, CriteriaPlace.Body),
        new("GET", "v2/servicedesk/tickets/summary", BmsCall.TicketsSummary, BmsReply.Pages),
        new("GET", "v2/servicedesk/tickets/count", BmsCall.TicketsCount, BmsReply.One, CriteriaPlace.Bare),
        new("GET", "v2/servicedesk/tickets/{ticketId}", BmsCall.Ticket),
        new("PATCH", "v2/servicedesk/tickets/{ticketId}", BmsCall.PatchTicket),
        new("GET", "v2/servicedesk/tickets/{ticketId}/notes", BmsCall.Notes, BmsReply.Pages),
        new("POST", "v2/servicedesk/tickets/{ticketId}/notes", BmsCall.AddNote),
    ];

    /// <summary>The operation a request asks for; else the verbs its path has, none for a path nobody knows.</summary>
    /// <param name="segments">What follows the vendor's name.</param>
    public static (BmsMatch? Match, string Verbs) Find(string method, IReadOnlyList<string> segments)
    {
        var fitting = All.Select(route => (Route: route, Holes: route.Fit(segments))).Where(fit => fit.Holes is not null).ToList();
        var found = fitting.Find(fit => fit.Route.Method == method);
        return (found.Route is null ? null : new BmsMatch(found.Route, found.Holes!), string.Join(", ", fitting.Select(fit => fit.Route.Method)));
    }
}
