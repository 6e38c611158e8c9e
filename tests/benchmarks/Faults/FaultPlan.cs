namespace UsageBilling.Benchmarks.Faults;

/// <summary>What every run of a matrix does.</summary>
/// <param name="Changes">Of units, to each PSA.</param>
/// <param name="Tickets">To each PSA.</param>
/// <param name="BmsSharePercent">The share of Kaseya's allowance that the hub uses.</param>
/// <param name="Strangers">Calls that others make in an hour of those that Autotask allows to everybody.</param>
/// <param name="Disturbed">Of the vendors' time. What is not settled by then waits for their recovery, which is awaited twice as long.</param>
internal sealed record FaultPlan(IReadOnlyList<PretendPsa> Psas, int Changes, int Tickets, int Seed, int Speed, int BmsSharePercent, int Strangers, TimeSpan Disturbed)
{
    /// <summary>Each line is changed on two dates.</summary>
    public int Lines => Changes / 2;
}

/// <summary>How a PSA came through a run.</summary>
/// <param name="Met">How often a fault was met.</param>
/// <param name="Units">Changes of units, by how they ended.</param>
/// <param name="Tickets">Tickets, notes and ends of tickets, by how they ended.</param>
/// <param name="SentAgain">Sends beyond the first of each.</param>
/// <param name="MostInAnHour">The most calls in any hour of the vendor's clock, of the allowance of which most was used.</param>
/// <param name="CredentialsSaved">Times that they were refused and a person saved them again.</param>
/// <param name="DisturbedMinutes">Of the vendor's time, with faults.</param>
/// <param name="RecoveryMinutes">Of the vendor's time, from the end of the faults until everything was settled.</param>
/// <param name="Checks">What was looked at, and whether it was so.</param>
/// <param name="Wrong">What was not so, in sentences.</param>
internal sealed record FaultResult(
    string Fault, double Percent, string Psa, int Met, IReadOnlyDictionary<string, int> Units, IReadOnlyDictionary<string, int> Tickets, int SentAgain, int Calls, int MostInAnHour,
    int AllowedInAnHour, int Kills, int CredentialsSaved, double DisturbedMinutes, double RecoveryMinutes, double Seconds, IReadOnlyDictionary<string, bool> Checks, IReadOnlyList<string> Wrong);
