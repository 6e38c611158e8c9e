using System.Globalization;
using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Postings;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Billing;

/// <summary>What one run posts and invoices, inside the transaction that has claimed it.</summary>
internal sealed class JobWork(PostingStore postings, InvoiceStore invoices)
{
    public async Task<RunOutcome> Do(NpgsqlConnection connection, ClaimedRun run, CancellationToken cancellation)
    {
        if (run.HasParts) return await Part(connection, run, cancellation);
        if (run.Plan is not null) return await Bill(connection, run, new(RunOutcome.Done, "posted", $"A person applied plan {run.Plan}.") { Plan = run.Plan, Posting = run.Posting, PostedAll = true }, cancellation);
        if (run.Entry.Action == JobAction.GenerateInvoice) return await Bill(connection, run, RunOutcome.Nothing, cancellation);
        var posted = await Post(connection, run, cancellation);
        return posted.State == RunOutcome.Done ? await Bill(connection, run, posted, cancellation) : posted;
    }

    /// <summary>Leaves the part that could not be done, so that the run goes on with the others.</summary>
    /// <returns>False when no part is left.</returns>
    public static async Task<bool> GiveUpPart(NpgsqlConnection connection, ClaimedRun run, string code, CancellationToken cancellation)
    {
        if (!run.HasParts || await Next(connection, run, cancellation) is not { } part) return false;
        await End(connection, run, part, new("failed", Code: code), cancellation);
        return true;
    }

    private async Task<RunOutcome> Post(NpgsqlConnection connection, ClaimedRun run, CancellationToken cancellation)
    {
        var (plan, applied) = await Apply(connection, run, null, run.Entry.Contract, cancellation);
        return (plan, applied) switch
        {
            (PlanAnswer.Empty empty, _) => RunOutcome.Nothing with { Sentence = empty.Blocked > 0 ? $"Nothing is ready to post; {Count(empty.Blocked, "item")} blocked." : RunOutcome.Nothing.Sentence },
            (PlanAnswer.TooLarge, _) => await Split(connection, run, cancellation),
            (PlanAnswer.Made { Plan: var made }, ApplyAnswer.Applied posted) => new(
                RunOutcome.Done, "posted", $"Posting {posted.Posting}: {Count(made.Items - made.Blocked, "item")}{(made.Blocked > 0 ? $", {made.Blocked} blocked" : "")}.")
            { Plan = made.Id, Posting = posted.Posting, PostedAll = true },
            (PlanAnswer.Made { Plan: var made }, ApplyAnswer.PersonNeeded needed) => Waits(
                made, $"{Count(needed.Attention.Count, "contract")} changed by more than may be posted without a person: plan {made.Id} waits for one."),
            (PlanAnswer.Made { Plan: var made }, ApplyAnswer.SecondPersonNeeded) => Waits(made, $"Four eyes: plan {made.Id} waits for a person."),
            _ => RunOutcome.Changed,
        };
    }

    /// <summary>A plan of the scope, applied if the msp lets the hub do that by itself.</summary>
    private async Task<(PlanAnswer Plan, ApplyAnswer? Applied)> Apply(NpgsqlConnection connection, ClaimedRun run, long? account, long? contract, CancellationToken cancellation)
    {
        var scope = new PlanScope(run.Through, account is { } a ? new PsaAccountId(a) : null, contract is { } c ? new ContractId(c) : null);
        var answer = await postings.Plan(connection, run.Msp, scope, run.Actor, cancellation);
        if (answer is PlanAnswer.Empty or PlanAnswer.TooLarge) return (answer, null);
        if (answer is not PlanAnswer.Made { Plan: var plan }) throw new InvalidOperationException($"Planning ended with {answer}.");
        var applied = await postings.Apply(connection, run.Msp, plan.Id, plan.Hash, run.Actor, Approval.ByItself, cancellation);
        return applied is ApplyAnswer.Applied or ApplyAnswer.PersonNeeded or ApplyAnswer.SecondPersonNeeded or ApplyAnswer.Changed
            ? (answer, applied)
            : throw new InvalidOperationException($"Applying plan {plan.Id} ended with {applied}.");
    }

    /// <summary>More than one plan may hold: from here on the run posts account by account.</summary>
    private async Task<RunOutcome> Split(NpgsqlConnection connection, ClaimedRun run, CancellationToken cancellation)
    {
        var parts = run.Entry.Contract is not null ? 0 : await connection.Do(
            "Billing/add_parts",
            command => command.With(run.Id).With(run.Msp.Value).With(run.Through).With(postings.PlanItemsMax).With(JobRunner.PartsMax), cancellation);
        return parts > 0
            ? new(RunOutcome.Running, RunOutcome.InParts, $"{Count(parts, "part")}: more is ready than one plan may have.")
            : new(RunOutcome.Failed, RunOutcome.TooLarge, $"More than {postings.PlanItemsMax} items are ready: post by account, or by contract.");
    }

    /// <summary>The next part; after the last one the invoices, and again when a person has applied what waited.</summary>
    private async Task<RunOutcome> Part(NpgsqlConnection connection, ClaimedRun run, CancellationToken cancellation)
    {
        if (await Next(connection, run, cancellation) is not { } part) return await Finish(connection, run, cancellation);
        var (plan, applied) = await Apply(connection, run, part.Account, part.Contract, cancellation);
        if (applied is ApplyAnswer.Changed) return RunOutcome.Changed;
        await End(connection, run, part, EndOf(plan, applied), cancellation);
        return new(RunOutcome.Running, RunOutcome.InParts, $"Through part {part.Number}.");
    }

    private static PartEnd EndOf(PlanAnswer plan, ApplyAnswer? applied) => (plan, applied) switch
    {
        (PlanAnswer.Empty empty, _) => new("empty", Blocked: empty.Blocked),
        (PlanAnswer.TooLarge, _) => new("failed", Code: RunOutcome.TooLarge),
        (PlanAnswer.Made { Plan: var made }, ApplyAnswer.Applied posted) => new("posted", made.Items - made.Blocked, made.Blocked, null, made.Id, posted.Posting),
        (PlanAnswer.Made { Plan: var made }, _) => new("waiting", made.Items - made.Blocked, made.Blocked, null, made.Id),
        _ => throw new InvalidOperationException($"A part ended with {plan}."),
    };

    private async Task<RunOutcome> Finish(NpgsqlConnection connection, ClaimedRun run, CancellationToken cancellation)
    {
        var parts = await connection.One("Billing/count_parts", command => command.With(run.Id), PartCounts.FromRow, cancellation);
        var code = parts switch
        {
            { Failed: > 0, Waiting: 0 } => parts.FailedWhy!,
            { Waiting: > 0 } => RunOutcome.Waits,
            { Posted: > 0 } => "posted",
            _ => RunOutcome.Nothing.Code,
        };
        var outcome = new RunOutcome(parts switch { { Waiting: > 0 } => RunOutcome.Waits, { Failed: > 0 } => RunOutcome.Failed, _ => RunOutcome.Done }, code, parts.Words())
        {
            Posted = parts.Posted > 0, PostedAll = parts is { Posted: > 0, Waiting: 0, Failed: 0 },
        };
        return await Bill(connection, run, outcome, cancellation);
    }

    /// <summary>What is to be invoiced after the posting, if the job invoices.</summary>
    private async Task<RunOutcome> Bill(NpgsqlConnection connection, ClaimedRun run, RunOutcome posted, CancellationToken cancellation)
    {
        if (run.Entry.Action == JobAction.Post) return posted;
        var (made, carried) = (0, 0);
        for (var more = true; more;)
        {
            var step = await invoices.Make(connection, new(run.Msp, null, run.Entry.Contract, run.Through, null, run.Actor, run.Id), cancellation);
            made += step.Invoices.Count;
            carried = step.CarriedForward.Count;
            more = step.More && step.Invoices.Count > 0;
        }

        var sentence = $"{Count(made, "invoice")}.{(carried > 0 ? $" {Count(carried, "account")} carried forward." : "")}";
        if (made == 0) return posted with { Sentence = carried > 0 ? $"{posted.Sentence} {sentence}" : posted.Sentence };
        if (posted.State != RunOutcome.Done) return posted with { Sentence = $"{posted.Sentence} {sentence}" };
        return posted.Posted || posted.Posting is not null
            ? posted with { Code = "posted_and_invoiced", Sentence = $"{posted.Sentence} {sentence}" }
            : posted with { Code = "invoiced", Sentence = sentence };
    }

    private static RunOutcome Waits(MadePlan plan, string sentence) => new(RunOutcome.Waits, RunOutcome.Waits, sentence) { Plan = plan.Id };

    private static async Task<RunPart?> Next(NpgsqlConnection connection, ClaimedRun run, CancellationToken cancellation) =>
        (await connection.Rows("Billing/next_part", command => command.With(run.Id), RunPart.FromRow, cancellation)).SingleOrDefault();

    private static async Task End(NpgsqlConnection connection, ClaimedRun run, RunPart part, PartEnd end, CancellationToken cancellation)
    {
        await connection.Do(
            "Billing/end_part",
            command => command.With(run.Id).With(part.Number).With(end.State).With(end.Items).With(end.Blocked).With(end.Code).With(end.Plan).With(end.Posting), cancellation);
        await connection.Do("Billing/go_on", command => command.With(run.Id), cancellation);
    }

    private static string Count(int number, string thing) => string.Create(CultureInfo.InvariantCulture, $"{number} {thing}{(number == 1 ? "" : "s")}");

    private sealed record RunPart(int Number, long Account, long? Contract)
    {
        public static RunPart FromRow(NpgsqlDataReader row) => new(row.GetInt32(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2));
    }

    private sealed record PartEnd(string State, int Items = 0, int Blocked = 0, string? Code = null, long? Plan = null, long? Posting = null);

    private sealed record PartCounts(long Posted, long Items, long Empty, long Waiting, long Failed, string? FailedWhy)
    {
        public static PartCounts FromRow(NpgsqlDataReader row) => new(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.IsDBNull(5) ? null : row.GetString(5));

        public string Words() => string.Create(
            CultureInfo.InvariantCulture,
            $"In parts: {Posted} posted with {Items} items{(Empty > 0 ? $", {Empty} had nothing to post" : "")}{(Waiting > 0 ? $", {Waiting} wait for a person" : "")}{(Failed > 0 ? $", {Failed} failed" : "")}.");
    }
}

/// <summary>A run whose row, or whose job's row, is locked.</summary>
/// <param name="HasParts">Whether it posts account by account.</param>
internal sealed record ClaimedRun(long Id, long Job, MspId Msp, string Zone, DateOnly Through, int Attempt, JobEntry Entry, long? Plan, long? Posting, bool HasParts)
{
    public string Actor => string.Create(CultureInfo.InvariantCulture, $"job {Job}");

    public static ClaimedRun FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), new(row.GetInt64(2)), row.GetString(3), row.Date(4), row.GetInt16(5), JobEntry.FromRow(row, 6),
        row.IsDBNull(13) ? null : row.GetInt64(13), row.IsDBNull(14) ? null : row.GetInt64(14), row.GetBoolean(15));
}

/// <summary>How a run stands at the end of a transaction.</summary>
/// <param name="State">As the history has it; or <see cref="Again"/>, which is never kept.</param>
/// <param name="Code">Documented in docs/OPERATING.md.</param>
internal sealed record RunOutcome(string State, string Code, string Sentence)
{
    public const string Done = "done", Failed = "failed", Waits = "waits_for_approval", Running = "running", Again = "again";

    public const string TooLarge = "plan_too_large", InParts = "in_parts";

    public static readonly RunOutcome Nothing = new(Done, "nothing_to_do", "Nothing is ready."), Changed = new(Again, "", "");

    public long? Plan { get; init; }

    public long? Posting { get; init; }

    /// <summary>Whether parts of it posted something.</summary>
    public bool Posted { get; init; }

    /// <summary>Whether nothing is left of what earlier runs would have posted.</summary>
    public bool PostedAll { get; init; }
}
