using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Bms;

/// <summary>Reads accounts, contracts and lines from Kaseya BMS or Vorex. Units of a line can be neither read nor changed there.</summary>
internal sealed class BmsConnector(string kind, BmsCalls calls, BmsTokens tokens, BmsLists lists, BmsCatalogue catalogue, VendorLimits limits) : IPsaConnector
{
    public const string AccountsPath = "crm/accounts/summary";
    private const string UserEndpoint = "security/userinfo";
    private const string ContractsPath = "finance/contracts/summary";

    public string Kind => kind;

    public PsaCapabilities Capabilities { get; } = new(ChangesUnits: false, WholeUnitsOnly: true, limits.CallsPerEndpointMax) { ReadsUnits = false };

    /// <remarks>Always a new sign-in: a token proves a password of yesterday. Who it is for is asked because a sign-in alone does not prove that the API may be used.</remarks>
    public async Task<VendorAnswer<CredentialProof>> Test(VendorAccess access, CancellationToken cancellation)
    {
        if (BmsCalls.Unusable(access) is { } unusable) return Answers.Failed<CredentialProof>(unusable);
        var test = await tokens.SignInAnew(access, cancellation)
            .Then(_ => calls.Get(access, UserEndpoint, UserEndpoint, cancellation))
            .Then(user => Answers.Of(new CredentialProof(user.Result?.Text("businessName") ?? access.BaseUrl.Host)));
        return test is VendorAnswer<CredentialProof>.Failed { Failure: var failure } ? Answers.Failed<CredentialProof>(OfTest(failure)) : test;
    }

    /// <remarks>No filter: the description has one for active accounts, and without it both kinds come.</remarks>
    public Task<VendorAnswer<IReadOnlyList<ObservedAccount>>> Accounts(VendorAccess access, CancellationToken cancellation)
        => lists.All(access, BmsList.Of(AccountsPath), BmsRows.AccountFromJson, cancellation)
            .Then(accounts => accounts.Count == 0 ? NothingVisible() : Answers.Of(accounts));

    /// <remarks>The list names accounts and does not number them, so it is read beside theirs. Whatever follows is about these contracts as they are now.</remarks>
    public Task<VendorAnswer<IReadOnlyList<ObservedContract>>> Contracts(VendorAccess access, CancellationToken cancellation)
    {
        catalogue.Forget(access);
        return Accounts(access, cancellation).Then(accounts => lists.All(access, BmsList.Of(ContractsPath), BmsRows.ContractFromJson, cancellation)
            .Then(contracts => Answers.Of(Placed(contracts.OfType<BmsContract>(), accounts.ToLookup(account => account.Name.Trim(), StringComparer.Ordinal)))));
    }

    public Task<VendorAnswer<IReadOnlyList<ObservedService>>> Services(VendorAccess access, IReadOnlyCollection<string> contractRemoteIds, CancellationToken cancellation)
        => contractRemoteIds.Count == 0 ? Task.FromResult(Answers.Of<IReadOnlyList<ObservedService>>([]))
            : catalogue.Lines(access, cancellation).Then(lines => Answers.Of<IReadOnlyList<ObservedService>>([.. lines.Where(line => contractRemoteIds.Contains(line.ContractRemoteId))]));

    public Task<VendorAnswer<IReadOnlyList<ObservedUnits>>> Units(
        VendorAccess access, IReadOnlyCollection<string> serviceRemoteIds, DateOnly from, DateOnly through, CancellationToken cancellation)
        => Task.FromResult(Answers.Failed<IReadOnlyList<ObservedUnits>>(
            new(VendorFailureKind.Rejected, "units_not_readable", "Kaseya's API does not show how many units a line has. That is not zero.")));

    public Task<SendOutcome> ChangeUnits(VendorAccess access, UnitsChange change, CancellationToken cancellation)
        => Task.FromResult<SendOutcome>(new SendOutcome.Refused("units_not_changeable", "Kaseya's API cannot change the units of a line; more of them are an added line."));

    public Task<VendorAnswer<ObservedQuota>> Quota(VendorAccess access, CancellationToken cancellation)
        => Task.FromResult(Answers.Failed<ObservedQuota>(new(VendorFailureKind.Rejected, "quota_not_readable", "Kaseya does not tell how many calls are used.")));

    // Typed addresses are often those of Kaseya's pages: they answer, but not as an API
    private static VendorFailure OfTest(VendorFailure failure) => failure.Code is "route_not_found" or "method_not_allowed" or "answer_not_json" or "answer_unreadable" or "redirect_refused"
        ? failure with { Code = "api_not_found", Message = "There is no API of Kaseya's at this address; it looks like https://api.bms.kaseya.com/, with the region in it." }
        : failure;

    private static IReadOnlyList<ObservedContract> Placed(IEnumerable<BmsContract> contracts, ILookup<string, ObservedAccount> accounts)
        => [.. contracts.Select(contract => Placed(contract, accounts[contract.AccountName ?? ""].ToList()))];

    private static ObservedContract Placed(BmsContract contract, List<ObservedAccount> namesakes)
    {
        var observed = new ObservedContract(contract.RemoteId, "", contract.Name, contract.Active, contract.StartsOn, contract.EndsThrough, contract.PeriodMonths ?? 1);
        return (namesakes.Count, contract.PeriodMonths) switch
        {
            (0, _) => observed with { LeftOutBecause = ContractLeftOut.AccountUnknown },
            ( > 1, _) => observed with { LeftOutBecause = ContractLeftOut.AccountAmbiguous },
            (_, null) => observed with { LeftOutBecause = ContractLeftOut.PeriodUnknown },
            _ => observed with { AccountRemoteId = namesakes[0].RemoteId },
        };
    }

    private static VendorAnswer<IReadOnlyList<ObservedAccount>> NothingVisible() => Answers.Failed<IReadOnlyList<ObservedAccount>>(
        new(VendorFailureKind.Forbidden, "no_visible_data", "Kaseya shows no account at all: the user's role may not see them."));
}
