namespace UsageBilling.Sandbox.Autotask.Entities;

/// <summary>The properties of charges and of the rules that make them.</summary>
internal static class ChargeFields
{
    public const string ContractCharge = """
        id long RO REQ
        billableAmount decimal RO
        billingCodeID long
        chargeType int REQ PL
        contractID long REQ FIX ->Contracts
        contractServiceBundleID long ->ContractServiceBundles
        contractServiceID long ->ContractServices
        createDate datetime RO
        creatorResourceID long RO
        datePurchased datetime REQ
        description string len2000
        extendedCost decimal RO
        internalCurrencyBillableAmount decimal RO
        internalCurrencyUnitPrice decimal RO
        internalPurchaseOrderNumber string len50
        isBillableToCompany boolean
        isBilled boolean RO
        name string REQ len100
        notes string
        organizationalLevelAssociationID int RO
        productID long
        purchaseOrderNumber string len50
        status long RO PL
        statusLastModifiedBy long RO
        statusLastModifiedDate datetime RO
        unitCost decimal
        unitPrice decimal
        unitQuantity decimal REQ
        """;

    public const string TicketCharge = """
        id long RO REQ
        billableAmount decimal RO
        billingCodeID long
        chargeType int REQ PL
        contractServiceBundleID long ->ContractServiceBundles
        contractServiceID long ->ContractServices
        createDate datetime RO
        creatorResourceID long RO
        datePurchased datetime REQ
        description string len2000
        extendedCost decimal RO
        internalCurrencyBillableAmount decimal RO
        internalCurrencyUnitPrice decimal RO
        internalPurchaseOrderNumber string len50
        isBillableToCompany boolean
        isBilled boolean RO
        name string REQ len100
        notes string
        organizationalLevelAssociationID int RO
        productID long
        purchaseOrderNumber string len50
        status long RO PL
        statusLastModifiedBy long RO
        statusLastModifiedDate datetime RO
        ticketID long REQ FIX ->Tickets
        unitCost decimal
        unitPrice decimal
        unitQuantity decimal REQ
        """;

    public const string BillingRule = """
        id long RO REQ
        contractID int REQ FIX ->Contracts
        createChargesAsBillable boolean REQ
        dailyProratedCost decimal
        dailyProratedPrice decimal
        determineUnits int REQ PL
        endDate datetime
        executionMethod int PL
        includeItemsInChargeDescription boolean
        invoiceDescription string len500
        isActive boolean REQ
        isDailyProrationEnabled boolean
        maximumUnits int
        minimumUnits int
        productID int REQ FIX
        startDate datetime REQ
        """;
}
