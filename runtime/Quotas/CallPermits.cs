using Microsoft.Extensions.Logging;
using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Runtime.Quotas;

/// <summary>Permits that hold for every silo on the same database: a seat, a call of the budget, and no stop sign. One per silo.</summary>
/// <remarks>Without the database there is no permit: nobody knows what the others do.</remarks>
public sealed partial class CallPermits : ICallPermits, IAsyncDisposable
{
    private const int SeatsTakenSeconds = 5;
    private const int UnknownSeconds = 5;
    private const int ProbedSeconds = 1;
    private readonly Seats seats;
    private readonly Purses purses;
    private readonly Circuits circuits;
    private readonly ILogger<CallPermits> log;

    /// <param name="clock">For waits and for how long a chunk is used; the database's clock decides what counts.</param>
    public CallPermits(NpgsqlDataSource database, TimeProvider clock, ILogger<CallPermits> log)
    {
        this.log = log;
        seats = new(database, clock, reason => LogSeatsLost(reason));
        purses = new(database, clock);
        circuits = new(database);
    }

    /// <inheritdoc/>
    public async Task<CallPermit> Take(VendorAccess access, string endpoint, CallRules rules, CancellationToken cancellation)
    {
        try
        {
            return await TryTake(access, endpoint, rules, cancellation);
        }
        catch (Exception fault) when (Transient.Is(fault))
        {
            return Refused("permits_unknown", "The database does not say whether the vendor may be called.", UnknownSeconds);
        }
    }

    /// <inheritdoc/>
    public async Task OpenCircuit(IntegrationId integration, TimeSpan pause, string reason)
    {
        LogOpened(integration.Value, pause.TotalSeconds, reason);
        await Tell(integration, () => circuits.Open(integration, pause, reason));
    }

    /// <inheritdoc/>
    public async Task CloseCircuit(IntegrationId integration)
    {
        LogClosed(integration.Value);
        await Tell(integration, () => circuits.Close(integration));
    }

    /// <summary>Gives back the calls that were not made, and the seats.</summary>
    public async ValueTask DisposeAsync()
    {
        await purses.DisposeAsync();
        await seats.DisposeAsync();
    }

    private async Task<CallPermit> TryTake(VendorAccess access, string endpoint, CallRules rules, CancellationToken cancellation)
    {
        if (await seats.Take(access.Integration, endpoint, rules.CallsAtOnceMax, cancellation) is not { } seat)
            return Refused("seats_taken", "Other calls to the same endpoint take too long.", SeatsTakenSeconds);
        var kept = false;
        try
        {
            var (stop, probes) = await circuits.Look(access, cancellation);
            stop ??= await Spend(access.Integration, endpoint, rules.Quota, cancellation);
            if (stop is null && probes && !await circuits.ClaimProbe(access.Integration, rules.ProbeTime, cancellation)) stop = Circuits.Down(ProbedSeconds);
            if (stop is not null) return new CallPermit.Refused(stop);
            kept = true;
            return new CallPermit.Granted(probes, seat, seat.Lost);
        }
        finally
        {
            if (!kept) await seat.DisposeAsync();
        }
    }

    private Task<VendorFailure?> Spend(IntegrationId integration, string endpoint, CallQuota? quota, CancellationToken cancellation) => quota is null
        ? Task.FromResult<VendorFailure?>(null)
        : purses.Of(integration, quota.PerEndpoint ? endpoint : "", quota).Spend(cancellation);

    /// <summary>A call has ended and its outcome is known: that must not be lost because nobody could be told about the circuit.</summary>
    private async Task Tell(IntegrationId integration, Func<Task> tell)
    {
        try
        {
            await tell();
        }
        catch (Exception fault) when (Transient.Is(fault))
        {
            LogUntold(integration.Value, fault.Message);
        }
    }

    private static CallPermit.Refused Refused(string code, string sentence, int seconds) => new(new VendorFailure(VendorFailureKind.Withheld, code, sentence, seconds));

    [LoggerMessage(1301, LogLevel.Warning, "The connection that holds the seats at vendors is lost; the calls under way are broken off: {Reason}")]
    private partial void LogSeatsLost(string reason);

    [LoggerMessage(1302, LogLevel.Warning, "Integration {Integration} is left alone for {Seconds} s, by every silo: {Reason}")]
    private partial void LogOpened(long integration, double seconds, string reason);

    [LoggerMessage(1303, LogLevel.Information, "Integration {Integration} answers again")]
    private partial void LogClosed(long integration);

    [LoggerMessage(1304, LogLevel.Warning, "The other silos could not be told about the circuit of integration {Integration}: {Reason}")]
    private partial void LogUntold(long integration, string reason);
}
