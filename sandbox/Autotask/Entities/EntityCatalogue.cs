namespace UsageBilling.Sandbox.Autotask.Entities;

/// <summary>The entities that exist here. Flags: RO read-only, REQ required on create, FIX fixed after create, PL picklist,
/// WO write-only, NQ not queryable, lenN longest text, ->X must exist in X.</summary>
internal static class EntityCatalogue
{
    public static EntityDescription Companies { get; } =
        new("Companies", "Company", Access.Query | Access.RootWrite, null, true, AccountFields.Company);

    public static EntityDescription Contracts { get; } =
        new("Contracts", "Contract", Access.Query | Access.RootWrite, null, true, ContractFields.Contract);

    public static EntityDescription Services { get; } =
        new("Services", "Service", Access.Query | Access.RootWrite, null, false, ContractFields.Service);

    public static EntityDescription ContractServices { get; } =
        new("ContractServices", "ContractService", Access.Query | Access.ChildRead | Access.ChildWrite,
            new ChildUrl("Contracts", "Services", "contractID"), false, ContractFields.ContractService);

    public static EntityDescription ContractServiceUnits { get; } =
        new("ContractServiceUnits", "ContractServiceUnit", Access.Query | Access.ChildRead,
            new ChildUrl("Contracts", "ServiceUnits", "contractID"), false, ContractFields.ContractServiceUnit);

    public static EntityDescription ContractServiceAdjustments { get; } =
        new("ContractServiceAdjustments", "ContractServiceAdjustment", Access.RootCreate | Access.ChildCreate,
            new ChildUrl("Contracts", "ServiceAdjustments", "contractID"), false, ContractFields.ContractServiceAdjustment);

    public static EntityDescription ContractNotes { get; } =
        new("ContractNotes", "ContractNote", Access.Query | Access.ChildRead | Access.ChildWrite,
            new ChildUrl("Contracts", "Notes", "contractID"), false, ContractFields.ContractNote);

    public static EntityDescription Tickets { get; } =
        new("Tickets", "Ticket", Access.Query | Access.RootWrite, null, true, AccountFields.Ticket);

    public static EntityDescription TicketNotes { get; } =
        new("TicketNotes", "TicketNote", Access.Query | Access.ChildRead | Access.ChildWrite,
            new ChildUrl("Tickets", "Notes", "ticketID"), false, AccountFields.TicketNote);

    public static IReadOnlyList<EntityDescription> All { get; } =
    [
        Companies, Contracts, Services, ContractServices, ContractServiceUnits, ContractServiceAdjustments, ContractNotes, Tickets, TicketNotes,
    ];

    public static EntityDescription? ByPlural(string name) =>
        All.FirstOrDefault(entity => string.Equals(entity.Plural, name, StringComparison.OrdinalIgnoreCase));

    public static EntityDescription? ByChildUrl(string parent, string segment) => All.FirstOrDefault(entity =>
        entity.Child is { } child
        && string.Equals(child.Parent, parent, StringComparison.OrdinalIgnoreCase)
        && string.Equals(child.Segment, segment, StringComparison.OrdinalIgnoreCase));
}
