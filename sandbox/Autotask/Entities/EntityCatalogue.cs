namespace UsageBilling.Sandbox.Autotask.Entities;

/// <summary>The entities that exist here. Flags: RO read-only, REQ required on create, FIX fixed after create, PL picklist,
/// WO write-only, NQ not queryable, lenN longest text, ->X must exist in X, ^X its values belong to values of X.</summary>
internal static class EntityCatalogue
{
    private const Access Child = Access.Query | Access.ChildRead | Access.ChildWrite;
    private const Access DeletableChild = Child | Access.ChildDelete;

    public static EntityDescription Companies { get; } =
        new("Companies", "Company", Access.Query | Access.RootWrite, null, true, AccountFields.Company);

    public static EntityDescription CompanyLocations { get; } =
        new("CompanyLocations", "CompanyLocation", DeletableChild, new ChildUrl("Companies", "Locations", "companyID"), false, AccountFields.Location);

    public static EntityDescription Contacts { get; } =
        new("Contacts", "Contact", DeletableChild, new ChildUrl("Companies", "Contacts", "companyID"), true, AccountFields.Contact);

    public static EntityDescription Contracts { get; } =
        new("Contracts", "Contract", Access.Query | Access.RootWrite, null, true, ContractFields.Contract);

    public static EntityDescription Services { get; } =
        new("Services", "Service", Access.Query | Access.RootWrite, null, false, ContractFields.Service);

    public static EntityDescription ServiceBundles { get; } =
        new("ServiceBundles", "ServiceBundle", Access.Query | Access.RootWrite | Access.RootDelete, null, false, BundleFields.ServiceBundle);

    public static EntityDescription ContractServices { get; } =
        new("ContractServices", "ContractService", Child, new ChildUrl("Contracts", "Services", "contractID"), false, ContractFields.ContractService);

    public static EntityDescription ContractServiceUnits { get; } =
        new("ContractServiceUnits", "ContractServiceUnit", Access.Query | Access.ChildRead,
            new ChildUrl("Contracts", "ServiceUnits", "contractID"), false, ContractFields.ContractServiceUnit);

    public static EntityDescription ContractServiceAdjustments { get; } =
        new("ContractServiceAdjustments", "ContractServiceAdjustment", Access.RootCreate | Access.ChildCreate,
            new ChildUrl("Contracts", "ServiceAdjustments", "contractID"), false, ContractFields.ContractServiceAdjustment);

    public static EntityDescription ContractServiceBundles { get; } =
        new("ContractServiceBundles", "ContractServiceBundle", Child, new ChildUrl("Contracts", "ServiceBundles", "contractID"), false, BundleFields.ContractServiceBundle);

    public static EntityDescription ContractServiceBundleUnits { get; } =
        new("ContractServiceBundleUnits", "ContractServiceBundleUnit", Access.Query | Access.ChildRead,
            new ChildUrl("Contracts", "ServiceBundleUnits", "contractID"), false, BundleFields.ContractServiceBundleUnit);

    public static EntityDescription ContractServiceBundleAdjustments { get; } =
        new("ContractServiceBundleAdjustments", "ContractServiceBundleAdjustment", Access.RootCreate | Access.ChildCreate,
            new ChildUrl("Contracts", "ServiceBundleAdjustments", "contractID"), false, BundleFields.ContractServiceBundleAdjustment);

    public static EntityDescription ContractCharges { get; } =
        new("ContractCharges", "ContractCharge", DeletableChild, new ChildUrl("Contracts", "Charges", "contractID"), false, ChargeFields.ContractCharge);

    public static EntityDescription ContractBillingRules { get; } =
        new("ContractBillingRules", "ContractBillingRule", DeletableChild, new ChildUrl("Contracts", "BillingRules", "contractID"), false, ChargeFields.BillingRule);

    public static EntityDescription ContractNotes { get; } =
        new("ContractNotes", "ContractNote", Child, new ChildUrl("Contracts", "Notes", "contractID"), false, ContractFields.ContractNote);

    public static EntityDescription Tickets { get; } =
        new("Tickets", "Ticket", Access.Query | Access.RootWrite, null, true, AccountFields.Ticket);

    public static EntityDescription TicketNotes { get; } =
        new("TicketNotes", "TicketNote", Child, new ChildUrl("Tickets", "Notes", "ticketID"), false, AccountFields.TicketNote);

    public static EntityDescription TicketCharges { get; } =
        new("TicketCharges", "TicketCharge", DeletableChild, new ChildUrl("Tickets", "Charges", "ticketID"), false, ChargeFields.TicketCharge);

    public static IReadOnlyList<EntityDescription> All { get; } =
    [
        Companies, CompanyLocations, Contacts, Contracts, Services, ServiceBundles, ContractServices, ContractServiceUnits, ContractServiceAdjustments,
        ContractServiceBundles, ContractServiceBundleUnits, ContractServiceBundleAdjustments, ContractCharges, ContractBillingRules, ContractNotes, Tickets,
        TicketNotes, TicketCharges,
    ];

    public static EntityDescription? ByPlural(string name) =>
        All.FirstOrDefault(entity => string.Equals(entity.Plural, name, StringComparison.OrdinalIgnoreCase));

    public static EntityDescription? ByChildUrl(string parent, string segment) => All.FirstOrDefault(entity =>
        entity.Child is { } child
        && string.Equals(child.Parent, parent, StringComparison.OrdinalIgnoreCase)
        && string.Equals(child.Segment, segment, StringComparison.OrdinalIgnoreCase));
}
