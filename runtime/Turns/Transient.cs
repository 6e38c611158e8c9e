using System.Net.Sockets;
using Npgsql;

namespace UsageBilling.Runtime.Turns;

/// <summary>Faults of the database that pass: the same batch is tried again.</summary>
public static class Transient
{
    /// <summary>Tries of one batch before the work is left for the next poke.</summary>
    public const int TriesMax = 5;

    /// <summary>Serialization failures, deadlocks, lock and statement time-outs, shutdowns, lost connections, and a server without room or not to be written.</summary>
    public static bool Is(Exception fault) => fault switch
    {
        PostgresException known => known.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.ReadOnlySqlTransaction
            || known.SqlState.StartsWith("53", StringComparison.Ordinal) || known.SqlState.StartsWith("58", StringComparison.Ordinal)
            || known.SqlState.StartsWith("57P", StringComparison.Ordinal) || known.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException => true,
        SocketException or IOException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Whether one grain of a batch may be the reason, and the others would do without it: neither a fault that passes nor the end of the work.</summary>
    internal static bool IsOfGrain(Exception fault) => !Is(fault) && fault is not (OperationCanceledException or OutOfMemoryException);

    /// <summary>50 ms, doubled at each try.</summary>
    public static TimeSpan After(int tries) => TimeSpan.FromMilliseconds(50 << Math.Min(tries, 6));
}
