using Npgsql;

namespace UsageBilling.Runtime.Isolation;

/// <summary>
/// What somebody wants to be true of a thing before it is changed. Whoever changes it asks inside the transaction of the change, before anything is written; when it is not true this throws, and nothing of
/// the change happens.
/// </summary>
/// <param name="connection">The one on which the thing will be changed; the condition locks the thing there.</param>
/// <param name="cancellation">Ends the wait for a lock.</param>
public delegate Task Precondition(NpgsqlConnection connection, CancellationToken cancellation);
