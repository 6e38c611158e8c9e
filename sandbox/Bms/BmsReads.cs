using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Bms.Access;
using UsageBilling.Sandbox.Bms.Asking;
using UsageBilling.Sandbox.Bms.Crm;
using UsageBilling.Sandbox.Bms.Desk;
using UsageBilling.Sandbox.Bms.Finance;
using UsageBilling.Sandbox.Bms.Routes;
using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms;

/// <summary>Everything that changes nothing. Runs inside the gate.</summary>
internal sealed class BmsReads(BmsTenant tenant, SandboxClock clock)
{
    public Answer Answer(Ask ask, BmsMatch match, BmsState state, BmsUser user, FaultKind? kind)
    {
        var asked = ListAsked.Of(ask, match.Route, kind);
        return match.Route.Call switch
        {
            BmsCall.UserInfo => UserInfo(user),
            BmsCall.AccountsLookup => Accounts.Lookup(asked, state),
            BmsCall.AccountsSummary => Accounts.Summary(asked, state),
            BmsCall.AccountSummary => Accounts.One(match.Id, state),
            BmsCall.AccountLocations => Accounts.Locations(asked, match.Id, state),
            BmsCall.ContractsLookup => Contracts.Lookup(asked, state, clock.Now),
            BmsCall.ContractsSummary => Contracts.Summary(asked, state),
            BmsCall.ServicesLookup => Services.Lookup(asked, state),
            BmsCall.ServicesSearch => Services.Search(asked, state),
            BmsCall.Service => Services.One(match.Id, state),
            BmsCall.RelatedServices => ContractLines.Related(asked, match.Id, state),
            BmsCall.NamedList => Choices.Named(asked, match.ListName, state),
            BmsCall.IssueTypes => Choices.IssueTypes(asked, state),
            BmsCall.IssueSubTypes => Choices.IssueSubTypes(asked, match.Id, state),
            BmsCall.TableLookup => Choices.Table(asked, match.Holes[0], state),
            BmsCall.TicketsSummary => Tickets.Summary(asked, state, tenant),
            BmsCall.TicketsCount => Tickets.Count(asked, state, tenant),
            BmsCall.Ticket => Tickets.One(match.Id, state, tenant),
            BmsCall.Notes => Notes.Of(asked, match.Id, state, tenant),
            _ => Tickets.List(asked, state, tenant),
        };
    }

    /// <summary>Rights and menus are left empty: nobody has looked at them here.</summary>
    private Answer UserInfo(BmsUser user) => BmsAnswers.Result(new JsonObject
    {
        ["userId"] = user.Id,
        ["fullName"] = user.FullName,
        ["emailAddress"] = user.UserName,
        ["timeStamp"] = Cell.Wire(clock.Now),
        ["timeZoneValue"] = Cell.Double(0),
        ["timeZoneName"] = "UTC",
        ["olsonTimeZoneName"] = "Etc/UTC",
        ["dateFormat"] = null,
        ["timeFormat"] = null,
        ["timeFormatWithSeconds"] = null,
        ["tenantId"] = tenant.Id,
        ["accountId"] = null,
        ["locationId"] = null,
        ["contactId"] = null,
        ["businessName"] = tenant.Name,
        ["userAccessRights"] = new JsonArray(),
        ["specialFeatures"] = new JsonArray(),
        ["viewsMenus"] = new JsonArray(),
        ["queuesMenus"] = new JsonArray(),
        ["currencyCode"] = null,
        ["cultureCode"] = null,
        ["filesVersionNumber"] = null,
        ["newTicketingUI"] = true,
        ["isUserSystemAdmin"] = false,
        ["productName"] = null,
        ["pictureUrl"] = null,
        ["openIdRealmId"] = null,
    });
}
