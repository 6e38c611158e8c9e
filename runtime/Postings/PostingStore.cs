using Npgsql;
using UsageBilling.Interfaces.Billing;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Isolation;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Postings;

/// <summary>Plans what is ready to be billed, posts exactly what was planned, and takes postings back.</summary>
/// <remarks>
/// Each of the three comes twice: in a transaction of its own, and inside the caller's, who commits. A transaction that applies or reverses holds
/// the msp's lock on postings until its end, so that it reads, compares and posts as if it were alone. Both give their transaction more patience
/// than a person's has: statements may take a minute, and wait ten seconds for a lock.
/// </remarks>
/// <param name="lines">Service lines: a reversal is written by their turns.</param>
/// <param name="policy">Which contracts a person should look at.</param>
/// <param name="itemsMax">Items of one plan.</param>
public sealed class PostingStore(
    NpgsqlDataSource database, TurnEngine<ServiceLineState, ServiceLineMessage> lines, ApplyPolicy policy, int itemsMax = PostingStore.ItemsMax)
{
    /// <summary>Items of one plan. What is more is planned by account or contract.</summary>
    public const int ItemsMax = 100_000;

    /// <summary>How long a plan may be applied. Later somebody should look anew.</summary>
    public const int PlanDays = 7;

    /// <summary>Items that the difference of a changed plan shows.</summary>
    public const int DifferencesMax = 100;

    private readonly Planning planning = new(policy, itemsMax);
    private readonly Reversing reversing = new(lines);

    /// <summary>Items of one plan of this store.</summary>
    public int PlanItemsMax => itemsMax;

    /// <summary>What is ready, in the order of lines and entries.</summary>
    /// <param name="afterLine">The line of the last item before the page; 0 for the first page.</param>
    /// <param name="afterPlace">Its <see cref="BillingItem.Place"/>.</param>
    /// <param name="rows">Items at most.</param>
    public async Task<IReadOnlyList<BillingItem>> Review(
        MspId msp, PlanScope scope, ReviewDays days, long afterLine, long afterPlace, int rows, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.Begin(msp, cancellation);
        await Statements.Patiently(connection, cancellation);
        return await Planning.Ready(connection, msp, scope, days, (afterLine, afterPlace), rows, cancellation);
    }

    /// <summary>What is ready, summed by currency and by what keeps it back.</summary>
    public async Task<IReadOnlyList<(string? Block, CurrencyTotal Total)>> Sum(MspId msp, PlanScope scope, ReviewDays days, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.Begin(msp, cancellation);
        await Statements.Patiently(connection, cancellation);
        return await Statements.Rows(
            connection,
            "Postings/ready_totals",
            command => command.With(msp.Value).With(scope.Account?.Value).With(scope.Contract?.Value).With(scope.Through).With(days.From).With(days.To),
            row => (row.Text(1), new CurrencyTotal(row.GetString(0), row.GetInt32(2), row.GetDecimal(3))),
            cancellation);
    }

    /// <summary>Writes down what is ready in the scope, and the hash of it. Posts nothing.</summary>
    /// <param name="actor">Who asks; kept with the plan and in the audit.</param>
    /// <exception cref="PostgresException">Somebody else held what is needed for longer than 10 s: nothing happened.</exception>
    public Task<PlanAnswer> Plan(MspId msp, PlanScope scope, string actor, CancellationToken cancellation) =>
        Alone(msp, connection => Plan(connection, msp, scope, actor, cancellation), answer => answer is PlanAnswer.Made, cancellation);

    /// <summary>The same inside the caller's transaction.</summary>
    public Task<PlanAnswer> Plan(NpgsqlConnection connection, MspId msp, PlanScope scope, string actor, CancellationToken cancellation) =>
        planning.Plan(connection, msp, scope, actor, cancellation);

    /// <summary>Posts what the plan says, if that is still what is ready; else says what differs and posts nothing. Asked again, it answers the same.</summary>
    /// <param name="hash">The hash of the plan that was seen.</param>
    /// <param name="actor">Who applies; kept with the posting and in the audit.</param>
    /// <exception cref="PostgresException">Somebody else held what is needed for longer than 10 s: nothing happened.</exception>
    public Task<ApplyAnswer> Apply(MspId msp, long plan, string hash, string actor, Approval approval, CancellationToken cancellation) =>
        Alone(msp, connection => Apply(connection, msp, plan, hash, actor, approval, cancellation), answer => answer is ApplyAnswer.Applied, cancellation);

    /// <summary>The same inside the caller's transaction, to be rolled back unless the answer is <see cref="ApplyAnswer.Applied"/> or the caller has more to keep.</summary>
    public Task<ApplyAnswer> Apply(NpgsqlConnection connection, MspId msp, long plan, string hash, string actor, Approval approval, CancellationToken cancellation) =>
        new Applying(policy, itemsMax, connection, msp, cancellation).Apply(plan, hash, actor, approval);

    /// <summary>Takes a posting back: every entry gets one of the opposite, posted at once, and one that waits for review again.</summary>
    /// <exception cref="PostgresException">Somebody else held what is needed for longer than 10 s: nothing happened.</exception>
    public Task<ReverseAnswer> Reverse(MspId msp, long posting, string actor, CancellationToken cancellation) =>
        Alone(msp, connection => Reverse(connection, msp, posting, actor, cancellation), answer => answer is ReverseAnswer.Reversed, cancellation);

    /// <summary>The same inside the caller's transaction.</summary>
    public Task<ReverseAnswer> Reverse(NpgsqlConnection connection, MspId msp, long posting, string actor, CancellationToken cancellation) =>
        reversing.Reverse(connection, msp, posting, actor, cancellation);

    private async Task<T> Alone<T>(MspId msp, Func<NpgsqlConnection, Task<T>> ask, Func<T, bool> keep, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.Begin(msp, cancellation);
        var answer = await ask(connection);
        if (keep(answer)) await transaction.CommitAsync(cancellation);
        return answer;
    }
}
