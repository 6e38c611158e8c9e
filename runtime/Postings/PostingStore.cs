using Npgsql;
using UsageBilling.Interfaces.Billing;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Runtime.Postings;

/// <summary>Plans what is ready to be billed, posts exactly what was planned, and takes postings back.</summary>
/// <remarks>
/// Each of the three comes twice: in a transaction of its own, and inside the caller's, who commits. A transaction that applies or reverses holds
/// the msp's lock on postings until its end, so that it reads, compares and posts as if it were alone.
/// </remarks>
/// <param name="lines">Service lines: a reversal is written by their turns.</param>
/// <param name="policy">Which contracts a person should look at.</param>
public sealed class PostingStore(NpgsqlDataSource database, TurnEngine<ServiceLineState, ServiceLineMessage> lines, ApplyPolicy policy)
{
    /// <summary>Items of one plan. What is more is planned by account or contract.</summary>
    public const int ItemsMax = 100_000;

    /// <summary>How long a plan may be applied. Later somebody should look anew.</summary>
    public const int PlanDays = 7;

    /// <summary>Items that the difference of a changed plan shows.</summary>
    public const int DifferencesMax = 100;

    private readonly Planning planning = new(policy);
    private readonly Reversing reversing = new(lines);

    /// <summary>Writes down what is ready in the scope, and the hash of it. Posts nothing.</summary>
    /// <param name="actor">Who asks; kept with the plan and in the audit.</param>
    /// <exception cref="PostgresException">Somebody else held what is needed for longer than 10 s: nothing happened.</exception>
    public Task<PlanAnswer> Plan(MspId msp, PlanScope scope, string actor, CancellationToken cancellation) =>
        Alone(connection => Plan(connection, msp, scope, actor, cancellation), answer => answer is PlanAnswer.Made, cancellation);

    /// <summary>The same inside the caller's transaction.</summary>
    public Task<PlanAnswer> Plan(NpgsqlConnection connection, MspId msp, PlanScope scope, string actor, CancellationToken cancellation) =>
        planning.Plan(connection, msp, scope, actor, cancellation);

    /// <summary>Posts what the plan says, if that is still what is ready; else says what differs and posts nothing. Asked again, it answers the same.</summary>
    /// <param name="hash">The hash of the plan that was seen.</param>
    /// <param name="actor">Who applies; kept with the posting and in the audit.</param>
    /// <exception cref="PostgresException">Somebody else held what is needed for longer than 10 s: nothing happened.</exception>
    public Task<ApplyAnswer> Apply(MspId msp, long plan, string hash, string actor, Approval approval, CancellationToken cancellation) =>
        Alone(connection => Apply(connection, msp, plan, hash, actor, approval, cancellation), answer => answer is ApplyAnswer.Applied, cancellation);

    /// <summary>The same inside the caller's transaction, to be rolled back unless the answer is <see cref="ApplyAnswer.Applied"/> or the caller has more to keep.</summary>
    public Task<ApplyAnswer> Apply(NpgsqlConnection connection, MspId msp, long plan, string hash, string actor, Approval approval, CancellationToken cancellation) =>
        new Applying(policy, connection, msp, cancellation).Apply(plan, hash, actor, approval);

    /// <summary>Takes a posting back: every entry gets one of the opposite, posted at once, and one that waits for review again.</summary>
    /// <exception cref="PostgresException">Somebody else held what is needed for longer than 10 s: nothing happened.</exception>
    public Task<ReverseAnswer> Reverse(MspId msp, long posting, string actor, CancellationToken cancellation) =>
        Alone(connection => Reverse(connection, msp, posting, actor, cancellation), answer => answer is ReverseAnswer.Reversed, cancellation);

    /// <summary>The same inside the caller's transaction.</summary>
    public Task<ReverseAnswer> Reverse(NpgsqlConnection connection, MspId msp, long posting, string actor, CancellationToken cancellation) =>
        reversing.Reverse(connection, msp, posting, actor, cancellation);

    private async Task<T> Alone<T>(Func<NpgsqlConnection, Task<T>> ask, Func<T, bool> keep, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var answer = await ask(connection);
        if (keep(answer)) await transaction.CommitAsync(cancellation);
        return answer;
    }
}
