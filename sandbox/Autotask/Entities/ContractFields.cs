namespace UsageBilling.Sandbox.Autotask.Entities;

/// <summary>The properties of contracts and what hangs on them.</summary>
internal static class ContractFields
{
    public const string Contract = """
        id long RO REQ
        billingPreference int PL
        billToCompanyContactID int
        billToCompanyID int ->Companies
        companyID int REQ FIX ->Companies
        contactID int
        contactName string len250
        contractCategory int PL
        contractExclusionSetID int
        contractName string REQ len100
        contractNumber string len50
        contractPeriodType int FIX PL
        contractType int REQ FIX PL
        description string len2000
        endDate datetime REQ
        estimatedCost decimal
        estimatedHours decimal
        estimatedRevenue decimal
        exclusionContractID long RO
        internalCurrencyOverageBillingRate decimal RO
        internalCurrencySetupFee decimal RO
        isCompliant boolean
        isDefaultContract boolean
        opportunityID int
        organizationalLevelAssociationID int
        overageBillingRate decimal
        purchaseOrderNumber string len50
        renewedContractID long
        serviceLevelAgreementID int PL
        setupFee decimal
        setupFeeBillingCodeID long
        startDate datetime REQ
        status int REQ PL
        timeReportingRequiresStartAndStopTimes int REQ PL
        """;

    public const string Service = """
        id long RO REQ
        billingCodeID int REQ
        catalogNumberPartNumber string
        createDate datetime RO
        creatorResourceID int RO
        description string len400
        externalID string
        internalID string
        invoiceDescription string len1000
        isActive boolean
        lastModifiedDate datetime RO
        manufacturerServiceProvider string
        manufacturerServiceProviderProductNumber string
        markupRate decimal RO
        name string REQ len100
        periodType int REQ FIX PL
        serviceLevelAgreementID long PL
        sku string len50
        unitCost decimal
        unitPrice decimal REQ
        updateResourceID int RO
        url string
        vendorCompanyID int ->Companies
        """;

    public const string ContractService = """
        id long RO REQ
        adjustedPrice decimal WO
        contractID int REQ FIX ->Contracts
        internalCurrencyAdjustedPrice decimal RO
        internalCurrencyUnitPrice decimal RO
        internalDescription string FIX len100
        invoiceDescription string len1000
        quoteItemID long RO
        serviceID int REQ FIX ->Services
        unitCost decimal FIX
        unitPrice decimal RO
        """;

    public const string ContractServiceUnit = """
        id long RO REQ
        approveAndPostDate datetime RO
        contractID int REQ RO ->Contracts
        contractServiceID int RO ->ContractServices
        cost decimal RO
        endDate datetime REQ RO
        internalCurrencyPrice decimal RO
        organizationalLevelAssociationID int RO
        price decimal RO
        serviceID int REQ RO ->Services
        startDate datetime REQ RO
        units int REQ RO
        vendorCompanyID int RO
        """;

    public const string ContractServiceAdjustment = """
        id long RO REQ
        adjustedUnitCost decimal
        adjustedUnitPrice decimal
        allowRepeatService boolean
        contractID int
        contractServiceID int
        effectiveDate datetime REQ
        quoteItemID int
        serviceID int ->Services
        unitChange int
        """;

    public const string ContractNote = """
        id long RO REQ
        contractID int REQ FIX ->Contracts
        createDateTime datetime RO
        creatorResourceID int RO
        description string REQ len2000
        impersonatorCreatorResourceID int RO
        impersonatorUpdaterResourceID int RO
        lastActivityDate datetime RO
        title string REQ len250
        """;
}
