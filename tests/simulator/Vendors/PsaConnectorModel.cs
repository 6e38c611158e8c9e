using UsageBilling.Interfaces.Vendors;
using UsageBilling.Tests.Simulator.Hub;
using UsageBilling.Tests.Simulator.Time;

namespace UsageBilling.Tests.Simulator.Vendors;

/// <summary>One silo's way to the PSA. What was sent travels on by itself: it may arrive although its sender has died, or gave it up.</summary>
internal sealed class PsaConnectorModel(Host host, Process process, Steps steps, PsaModel psa, VendorFaults faults) : IPsaConnector
{
    /// <summary>The longest a change is on its way, and a read behind the present.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public string Kind => "psa";

    public PsaCapabilities Capabilities { get; } = new(ChangesUnits: true, WholeUnitsOnly: true, ConcurrentCallsMax: 3);

    private enum ReadFate
    {
        Failed,
        TimedOut,
        RateLimited,
        Stale,
        Partial,
        Doubled,
    }

    private enum SendFate
    {
        RateLimited,
        Unreachable,
        Unavailable,
        LostBefore,
        LostAfter,
        FailedBefore,
        FailedAfter,
    }

    public async Task<VendorAnswer<IReadOnlyList<ObservedUnits>>> Units(
        VendorAccess access, IReadOnlyCollection<string> serviceRemoteIds, DateOnly from, DateOnly through, CancellationToken cancellation)
    {
        var dice = faults.Dice;
        await host.Pace.Step(process, dice.Within(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1)));
        if (faults.Refuses()) return Failed(VendorFailureKind.Unauthorized, "credentials_refused");
        var fate = faults.Draw(Enum.GetValues<ReadFate>());
        var asOf = host.Database.Clock.Now - (fate == ReadFate.Stale ? dice.Within(TimeSpan.Zero, Longest) : TimeSpan.Zero);
        var rows = serviceRemoteIds.Where(_ => fate != ReadFate.Partial || dice.Happens(0.6)).SelectMany(service => Rows(service, from, through, asOf)).ToList();
        if (fate == ReadFate.Doubled) rows.AddRange(rows.ToList());
        await host.Pace.Step(process, fate == ReadFate.TimedOut ? Longest : dice.Within(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1)));
        return fate switch
        {
            ReadFate.Failed => Failed(VendorFailureKind.ServerError, "server_error"),
            ReadFate.TimedOut => Failed(VendorFailureKind.TimedOut, "timed_out"),
            ReadFate.RateLimited => Failed(VendorFailureKind.RateLimited, "rate_limited", 20),
            _ => new VendorAnswer<IReadOnlyList<ObservedUnits>>.Answered(rows),
        };
    }

    public async Task<SendOutcome> ChangeUnits(VendorAccess access, UnitsChange change, CancellationToken cancellation)
    {
        var dice = faults.Dice;
        var fate = faults.Draw(Enum.GetValues<SendFate>());
        if (faults.Refuses()) return await After(dice, 1, new SendOutcome.NotSent(VendorFaults.Failure(VendorFailureKind.Unauthorized, "credentials_refused")));
        switch (fate)
        {
            case SendFate.RateLimited:
                return await After(dice, 1, new SendOutcome.NotSent(VendorFaults.Failure(VendorFailureKind.RateLimited, "rate_limited", 30)));
            case SendFate.Unreachable:
                return await After(dice, 5, new SendOutcome.NotSent(VendorFaults.Failure(VendorFailureKind.Unreachable, "unreachable")));
            case SendFate.Unavailable or SendFate.FailedBefore:
                return await After(dice, 3, InDoubt(VendorFailureKind.ServerError, "server_error"));
            case SendFate.LostBefore:
                return await After(dice, 60, InDoubt(VendorFailureKind.TimedOut, "timed_out"));
            case SendFate.LostAfter:
                Arrive(change, dice.Within(TimeSpan.Zero, Longest), _ => { });
                return await After(dice, 60, InDoubt(VendorFailureKind.TimedOut, "timed_out"));
            case SendFate.FailedAfter:
                Arrive(change, TimeSpan.FromMilliseconds(400), _ => { });
                return await After(dice, 3, InDoubt(VendorFailureKind.ServerError, "server_error"));
        }

        string? refusal = null;
        Arrive(change, dice.Within(TimeSpan.Zero, TimeSpan.FromSeconds(1)), said => refusal = said);
        await host.Pace.Step(process, TimeSpan.FromSeconds(1) + dice.Within(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1)));
        return refusal is null ? new SendOutcome.Applied() : new SendOutcome.Refused(refusal, refusal);
    }

    public Task<VendorAnswer<CredentialProof>> Test(VendorAccess access, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<VendorAnswer<IReadOnlyList<ObservedAccount>>> Accounts(VendorAccess access, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<VendorAnswer<IReadOnlyList<ObservedContract>>> Contracts(VendorAccess access, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<VendorAnswer<IReadOnlyList<ObservedService>>> Services(VendorAccess access, IReadOnlyCollection<string> contractRemoteIds, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<VendorAnswer<ObservedQuota>> Quota(VendorAccess access, CancellationToken cancellation) => throw new NotSupportedException();

    private static VendorAnswer<IReadOnlyList<ObservedUnits>> Failed(VendorFailureKind kind, string code, int? retryAfter = null) =>
        new VendorAnswer<IReadOnlyList<ObservedUnits>>.Failed(VendorFaults.Failure(kind, code, retryAfter));

    private static SendOutcome.InDoubt InDoubt(VendorFailureKind kind, string code) => new(VendorFaults.Failure(kind, code));

    private void Arrive(UnitsChange change, TimeSpan after, Action<string?> answer) =>
        steps.After(after, () => answer(psa.Apply(change.ServiceRemoteId, change.EffectiveOn, change.Delta, foreign: false)));

    private async Task<SendOutcome> After(Dice dice, int seconds, SendOutcome outcome)
    {
        await host.Pace.Step(process, dice.Within(TimeSpan.FromSeconds(seconds / 2.0), TimeSpan.FromSeconds(seconds)));
        return outcome;
    }

    private IEnumerable<ObservedUnits> Rows(string service, DateOnly from, DateOnly through, DateTimeOffset asOf)
    {
        var steps = psa.Steps(service, from, through).Where(date => psa.Covers(service, date)).ToList();
        for (var i = 0; i < steps.Count; i++)
            yield return new(service, steps[i], i + 1 < steps.Count ? steps[i + 1].AddDays(-1) : through, psa.Units(service, steps[i], asOf), Posted: false);
    }
}
