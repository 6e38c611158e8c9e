namespace UsageBilling.Benchmarks.Load;

/// <summary>A made-up customer base in which everything follows from numbers: the loader, the source and the checks all ask here.</summary>
/// <remarks>
/// One contract per account with 20 service lines; accounts with one, two, two and three product tenants in turn, so that a tenant feeds ten lines on
/// average; msps of 1,000 accounts unless said otherwise. On a night the tenants of the changed accounts count one more than before, or again what they counted at first.
/// One more msp warms the silos up before anything is measured: a silo that has just been started is not what a night meets.
/// </remarks>
/// <param name="MspAccounts">Accounts of an msp.</param>
internal sealed record Population(int Lines, decimal ChangedPercent, int MspAccounts = Population.AccountsPerMsp)
{
    public const int LinesPerContract = 20;
    public const int AccountsPerMsp = 1_000;

    /// <summary>Four accounts in a row have eight tenants and eighty lines.</summary>
    public const int Step = 4 * LinesPerContract;

    public const int LinesMax = 10_000_000;

    /// <summary>Accounts of the msp that warms up; all of them change.</summary>
    public const int WarmAccounts = 400;

    private static readonly int[] TenantsBefore = [0, 1, 3, 5];
    private static readonly int[] TenantsIn = [1, 2, 2, 3];

    public int Accounts => Lines / LinesPerContract;

    /// <summary>Msps that are measured; one more warms up.</summary>
    public int Msps => (Accounts + MspAccounts - 1) / MspAccounts;

    public int AllMsps => Msps + 1;

    public int AllAccounts => Accounts + WarmAccounts;

    public static Population Of(int lines, decimal changedPercent) => lines % Step == 0
        ? new(lines, changedPercent)
        : throw new BenchException($"--lines wants a multiple of {Step}: {lines / Step * Step} or {(lines / Step + 1) * Step}, for example.");

    public int MspOf(int account) => account < Accounts ? account / MspAccounts : Msps;

    public static IEnumerable<int> TenantsOf(int account) => Enumerable.Range((account / 4 * 8) + TenantsBefore[account % 4], TenantsIn[account % 4]);

    public IEnumerable<int> AccountsOf(int msp) =>
        msp == Msps ? Enumerable.Range(Accounts, WarmAccounts) : Enumerable.Range(msp * MspAccounts, Math.Min(MspAccounts, Accounts - (msp * MspAccounts)));

    /// <summary>Whether the account's tenants count something else on the night than on the one before. Nights are numbered from 1.</summary>
    public bool Changes(int account, int night) => account >= Accounts || ((account * 7919L) + (night * 31L)) % 10_000 < ChangedPercent * 100;

    /// <summary>What a tenant counts on a night; night 0 is what the hub knows from before.</summary>
    public (int Standard, int Archived) Counts(int account, int tenant, int night)
    {
        var more = Enumerable.Range(1, night).Count(passed => Changes(account, passed)) % 2;
        return (20 + (tenant % 30) + more, 15 + (tenant % 7) + more);
    }

    /// <summary>Which metrics a line of a contract adds up.</summary>
    public static (bool Standard, bool Archived) Basis(int line) => (line < 9 || line >= 17, line >= 9);

    public int Units(int account, int line, int night)
    {
        var (standard, archived) = Basis(line);
        return TenantsOf(account).Select(tenant => Counts(account, tenant, night)).Sum(counts => (standard ? counts.Standard : 0) + (archived ? counts.Archived : 0));
    }

    public static decimal Price(int line) => 2m + (line % 10 * 0.35m);
}
