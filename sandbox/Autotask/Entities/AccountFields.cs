namespace UsageBilling.Sandbox.Autotask.Entities;

/// <summary>The properties of companies with their locations and contacts, of tickets and ticket notes.</summary>
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
        billToCompanyLocationID int ->CompanyLocations
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

    public const string Location = """
        id long RO REQ
        address1 string len128
        address2 string len128
        alternatePhone1 string len25
        alternatePhone2 string len25
        city string len50
        companyID int REQ FIX ->Companies
        countryID int
        description string len500
        fax string len25
        isActive boolean
        isPrimary boolean
        isTaxExempt boolean
        name string REQ len100
        overrideAccountTaxSettings boolean
        phone string len25
        postalCode string len20
        roundtripDistance decimal
        state string len25
        taxRegionID int
        """;

    public const string Contact = """
        id long RO REQ
        additionalAddressInformation string len100
        addressLine string len128
        addressLine1 string len128
        alternatePhone string len32
        apiVendorID int
        bulkEmailOptOutTime datetime RO
        city string len32
        companyID int REQ FIX ->Companies
        companyLocationID int ->CompanyLocations
        countryID int
        createDate datetime RO
        emailAddress string len254
        emailAddress2 string len254
        emailAddress3 string len254
        extension string len10
        externalID string len50
        facebookUrl string len200
        faxNumber string len25
        firstName string REQ len50
        impersonatorCreatorResourceID int
        isActive int REQ
        isOptedOutFromBulkEmail boolean
        lastActivityDate datetime RO
        lastModifiedDate datetime RO
        lastName string REQ len50
        linkedInUrl string len200
        middleInitial string len50
        mobilePhone string len25
        namePrefix int PL
        nameSuffix int PL
        note string len50
        receivesEmailNotifications boolean
        phone string len25
        primaryContact boolean
        roomNumber string len50
        solicitationOptOut boolean RO
        solicitationOptOutTime datetime RO
        state string len40
        surveyOptOut boolean RO
        title string len50
        twitterUrl string len200
        zipCode string len16
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
        companyLocationID int ->CompanyLocations
        completedByResourceID int RO
        completedDate datetime RO
        configurationItemID int
        contactID int ->Contacts
        contractID int ->Contracts
        contractServiceBundleID long ->ContractServiceBundles
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
        subIssueType int PL ^issueType
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
