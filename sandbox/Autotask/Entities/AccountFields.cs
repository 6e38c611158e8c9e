namespace UsageBilling.Sandbox.Autotask.Entities;

/// <summary>The properties of companies, tickets and ticket notes.</summary>
internal static class AccountFields
{
    public const string Company = """
        id long RO REQ
        additionalAddressInformation string len100
        address1 string len128
        address2 string len128
        alternatePhone1 string len25
        alternatePhone2 string len25
        apiVendorID int
        assetValue decimal
        billToCompanyLocationID int
        billToAdditionalAddressInformation string RO len100
        billingAddress1 string
        billingAddress2 string
        billToAddressToUse int RO PL
        billToAttention string len50
        billToCity string RO len50
        billToCountryID int RO
        billToState string RO len128
        billToZipCode string RO len50
        city string len30
        classification int PL
        companyName string REQ len100
        companyNumber string len50
        companyType int REQ PL
        competitorID int PL
        countryID int
        createDate datetime RO
        createdByResourceID int
        currencyID int
        fax string len25
        impersonatorCreatorResourceID int
        invoiceEmailMessageID int
        invoiceMethod int PL
        invoiceNonContractItemsToParentCompany boolean
        invoiceTemplateID int
        isActive boolean
        isClientPortalActive boolean RO
        isEnabledForComanaged boolean
        isTaskFireActive boolean RO
        isTaxExempt boolean
        lastActivityDate datetime RO
        lastTrackedModifiedDateTime datetime
        marketSegmentID int PL
        ownerResourceID int REQ
        parentCompanyID int ->Companies
        phone string REQ len25
        postalCode string len10
        quoteEmailMessageID int
        quoteTemplateID int
        sicCode string len32
        state string len40
        stockMarket string len10
        stockSymbol string len10
        surveyCompanyRating decimal RO
        taxID string len50
        taxRegionID int
        territoryID int PL
        webAddress string len255
        """;

    public const string Ticket = """
        id long RO REQ
        apiVendorID int
        assignedResourceID int
        assignedResourceRoleID int
        billingCodeID int
        changeApprovalBoard int PL
        changeApprovalStatus int PL
        changeApprovalType int PL
        changeInfoField1 string len8000
        changeInfoField2 string len8000
        changeInfoField3 string len8000
        changeInfoField4 string len8000
        changeInfoField5 string len8000
        companyID int REQ ->Companies
        companyLocationID int
        completedByResourceID int RO
        completedDate datetime RO
        configurationItemID int
        contactID int
        contractID int ->Contracts
        contractServiceBundleID long
        contractServiceID long ->ContractServices
        createDate datetime RO
        creatorResourceID int RO
        creatorType int RO PL NQ
        currentServiceThermometerRating int
        description string len8000
        dueDateTime datetime REQ
        estimatedHours decimal
        externalID string len50
        firstResponseAssignedResourceID int RO
        firstResponseDateTime datetime RO
        firstResponseDueDateTime datetime RO
        firstResponseInitiatingResourceID int RO
        hoursToBeScheduled decimal RO
        impersonatorCreatorResourceID int
        issueType int PL
        lastActivityDate datetime RO
        lastActivityPersonType int RO PL NQ
        lastActivityResourceID int RO
        lastCustomerNotificationDateTime datetime RO
        lastCustomerVisibleActivityDateTime datetime RO
        lastTrackedModificationDateTime datetime
        monitorID int
        monitorTypeID int PL
        opportunityID int
        organizationalLevelAssociationID int
        previousServiceThermometerRating int
        priority int REQ PL
        problemTicketId int ->Tickets
        projectID int
        purchaseOrderNumber string len50
        queueID int PL
        resolution string len32000
        resolutionPlanDateTime datetime RO
        resolutionPlanDueDateTime datetime RO
        resolvedDateTime datetime RO
        resolvedDueDateTime datetime RO
        rmaStatus int
        rmaType int
        rmmAlertID string RO len50
        serviceLevelAgreementHasBeenMet boolean RO
        serviceLevelAgreementID int PL
        serviceLevelAgreementPausedNextEventHours decimal RO
        serviceThermometerTemperature int
        source int PL
        status int REQ PL
        subIssueType int PL
        ticketCategory int PL
        ticketNumber string RO len50
        ticketType int PL
        title string REQ len255
        """;

    public const string TicketNote = """
        id long RO REQ
        createDateTime datetime RO
        creatorResourceID int RO
        description string REQ len32000
        impersonatorCreatorResourceID int
        impersonatorUpdaterResourceID int
        lastActivityDate datetime RO
        noteType int REQ PL
        publish int REQ PL
        ticketID int REQ FIX ->Tickets
        title string REQ len250
        """;
}
