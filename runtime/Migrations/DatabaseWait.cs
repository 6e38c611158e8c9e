using System.Globalization;
using Npgsql;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Runtime.Migrations;

/// <summary>Waits at the start of a program for a PostgreSQL that is not there yet, or is still recovering from a crash.</summary>
public static class DatabaseWait
{
    /// <summary>How long a program waits unless it is told otherwise: a recovery takes seconds, the start of a machine a minute.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromMinutes(2);

    /// <summary>The longest wait that may be asked for.</summary>
    public const int SecondsMax = 3600;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Reads a setting in seconds.</summary>
    /// <param name="text">Null when it is not set.</param>
    /// <returns>The wait, or one sentence about what is wrong with it.</returns>
    public static (TimeSpan Longest, string? Objection) FromText(string? text)
    {
        if (text is null) return (Usual, null);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= SecondsMax
            ? (TimeSpan.FromSeconds(seconds), null)
            : (Usual, $"UsageBilling__DatabaseWaitSeconds is a whole number from 0 to {SecondsMax}, not '{text}'.");
    }

    /// <summary>Starts something that needs the database; again, with growing pauses, while PostgreSQL takes no connections.</summary>
    /// <param name="start">Leaves nothing behind when it fails.</param>
    /// <param name="longest">After this time the last failure stands; zero to try once.</param>
    /// <param name="waiting">Told once, with the reason, when the wait begins.</param>
    /// <exception cref="DatabaseAbsentException">PostgreSQL took no connection in all that time.</exception>
    public static async Task<T> Start<T>(Func<Task<T>> start, TimeSpan longest, TimeProvider clock, Action<string> waiting, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await start();
            }
            catch (Exception fault) when (longest > TimeSpan.Zero && Passes(fault) is { } reason)
            {
                var left = longest - clock.GetElapsedTime(began);
                if (tries == 1) waiting(reason);
                if (left <= TimeSpan.Zero) throw new DatabaseAbsentException(longest, reason, fault);
                await Task.Delay(TimeSpan.FromTicks(Math.Min(left.Ticks, Pause(tries).Ticks)), clock, cancellation);
            }
        }
    }

    private static TimeSpan Pause(int tries) => TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(tries - 1, 10)));

    /// <summary>Why there is no connection, in PostgreSQL's words or the network's; null for what waiting does not mend. Quartz wraps what it meets.</summary>
    private static string? Passes(Exception? fault) => fault switch
    {
        null or MigrationException => null,
        // two that start on an empty database both write Quartz's first lock row, and the later one goes on in a transaction that has failed
        PostgresException { SqlState: PostgresErrorCodes.InFailedSqlTransaction } raced => raced.MessageText,
        PostgresException refused => Transient.Is(refused) ? refused.MessageText : null,
        NpgsqlException lost => lost.IsTransient ? lost.GetBaseException().Message : null,
        _ => Passes(fault.InnerException),
    };
}

/// <summary>PostgreSQL took no connection for as long as the program was willing to wait.</summary>
public sealed class DatabaseAbsentException(TimeSpan waited, string reason, Exception fault)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"PostgreSQL took no connection for {waited.TotalSeconds:0} s: {reason}"), fault);
