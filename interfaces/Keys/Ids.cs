namespace UsageBilling.Interfaces.Keys;

/// <summary>One managed service provider: the owner of every row. Positive; chosen by the database.</summary>
public readonly record struct MspId(long Value);

/// <summary>One connection to one vendor account. Positive; chosen by the database.</summary>
public readonly record struct IntegrationId(long Value);

/// <summary>One tenant, domain, site, org or network of a product.</summary>
public readonly record struct ProductTenantId(long Value);

/// <summary>One customer as the msp sees it; product tenants belong to it and it belongs to a PSA account.</summary>
public readonly record struct OrganizationId(long Value);

/// <summary>One account imported from a PSA.</summary>
public readonly record struct PsaAccountId(long Value);

/// <summary>One contract imported from a PSA.</summary>
public readonly record struct ContractId(long Value);

/// <summary>One service line of a contract: what is counted, billed and posted.</summary>
public readonly record struct ServiceLineId(long Value);

/// <summary>A long piece of work somebody asked for and can watch.</summary>
public readonly record struct RunId(long Value);

/// <summary>One hold on a service line.</summary>
public readonly record struct HoldId(long Value);

/// <summary>Something that is wrong somewhere, by the name that whoever tells of it gives it.</summary>
public readonly record struct AlertId(long Value);
