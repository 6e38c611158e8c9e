namespace UsageBilling.Sandbox.Autotask.Entities;

/// <summary>The properties of bundles of services and of what hangs on them.</summary>
internal static class BundleFields
{
    public const string ServiceBundle = """
        id long RO REQ
        billingCodeID int REQ
        createDate datetime RO
        creatorResourceID int RO
        description string len400
        invoiceDescription string len1000
        isActive boolean
        lastModifiedDate datetime RO
        name string REQ len100
        percentageDiscount decimal
        periodType int REQ FIX PL
        serviceLevelAgreementID long PL
        unitCost decimal
        unitDiscount decimal
        unitPrice decimal
        updateResourceID int RO
        """;

    public const string ContractServiceBundle = """
        id long RO REQ
        adjustedPrice decimal
        contractID int REQ FIX ->Contracts
        internalCurrencyAdjustedPrice decimal RO
        internalCurrencyUnitPrice decimal RO
        internalDescription string FIX len100
        invoiceDescription string len1000
        quoteItemID long RO
        serviceBundleID int REQ FIX ->ServiceBundles
        unitPrice decimal
        """;

    public const string ContractServiceBundleUnit = """
        id long RO REQ
        approveAndPostDate datetime RO
        contractID int REQ RO ->Contracts
        contractServiceBundleID int RO ->ContractServiceBundles
        cost decimal RO
        endDate datetime REQ RO
        internalCurrencyPrice decimal RO
        organizationalLevelAssociationID int RO
        price decimal RO
        serviceBundleID int REQ RO ->ServiceBundles
        startDate datetime REQ RO
        units int REQ RO
        """;

    public const string ContractServiceBundleAdjustment = """
        id long RO REQ
        adjustedUnitPrice decimal
        allowRepeatServiceBundle boolean
        contractID int
        contractServiceBundleID int
        effectiveDate datetime REQ
        quoteItemID int
        serviceBundleID int ->ServiceBundles
        unitChange int
        """;
}
