namespace UsageBilling.Benchmarks.Load;

/// <summary>Lines that cannot take a turn: most break in the decision, one in eleven is refused by the database. Some warm up with the others.</summary>
internal sealed record FailingLines(Population Population, decimal Percent)
{
    /// <summary>Whether a line's turn always fails, and how.</summary>
    public (bool Breaks, bool Refused) Of(int account, int line)
    {
        var number = (account * Population.LinesPerContract) + line;
        if ((number * 6_007L % 10_000) >= Percent * 100) return (false, false);
        return number % 11 == 0 ? (false, true) : (true, false);
    }

    /// <summary>Those that were told of a change in one of the nights up to this one.</summary>
    public long[] Told(int night) =>
    [
        .. Enumerable.Range(0, Population.AllAccounts)
            .Where(account => Enumerable.Range(1, night).Any(passed => Population.Changes(account, passed)))
            .SelectMany(account => Enumerable.Range(0, Population.LinesPerContract).Where(line => Of(account, line) != (false, false)), (account, line) => (account * (long)Population.LinesPerContract) + line + 1),
    ];
}
