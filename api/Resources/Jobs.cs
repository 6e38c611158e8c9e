using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Api.Versions;
using UsageBilling.Runtime.Billing;

namespace UsageBilling.Api.Resources;

/// <summary>Jobs: what is billed by itself.</summary>
internal static class Jobs
{
    private static readonly Listing<JobResource> All = new("Billing/jobs", Listing<JobResource>.OldestFirst, [], JobResource.FromRow, job => job.Id);

    public static void MapJobs(this RouteGroupBuilder group)
    {
        var jobs = group.MapGroup("/jobs").WithTags("jobs");
        jobs.MapGet("", All.List);
        jobs.MapGet("/{id:long}", All.Get).Tagged();
        jobs.MapGet("/{id:long}/history", History);
        jobs.MapGet("/{id:long}/history/{run:long}/parts", Parts);

        var changes = jobs.MapGroup("").RequireAuthorization(Policies.Operator);
        changes.MapPost("", Add);
        changes.MapPut("/{id:long}", Change).Replaces(All.Version("Versions/lock_job"));
        changes.MapDelete("/{id:long}", Delete).Changes(All.Version("Versions/lock_job"));
        changes.MapPost("/{id:long}/run", Run);
    }

    private static async Task<Results<Ok<Page<JobRunResource>>, ProblemResult>> History(
        long id, [AsParameters] PageQuery page, MspDatabase database, CancellationToken cancellation)
    {
        if (await database.Id("Billing/job_exists", [id], cancellation) is null) return ProblemResult.Of(ProblemCode.NotFound);
        var rows = await Runs(database, id, null, page.From(long.MaxValue).First, page.Rows, cancellation);
        return TypedResults.Ok(page.Of(rows, run => new(run.Id, 0)));
    }

    private static async Task<Results<Ok<Page<JobPartResource>>, ProblemResult>> Parts(
        long id, long run, [AsParameters] PageQuery page, MspDatabase database, CancellationToken cancellation)
    {
        if (await database.Id("Billing/run_exists", [id, run], cancellation) is null) return ProblemResult.Of(ProblemCode.NotFound);
        var rows = await database.Rows("Billing/parts", [id, run, page.From(0).First, page.Rows], JobPartResource.FromRow, cancellation);
        return TypedResults.Ok(page.Of(rows, part => new(part.Part, 0)));
    }

    private static async Task<Results<Created<JobResource>, ProblemResult>> Add(NewJob request, MspDatabase database, JobStore store, CancellationToken cancellation) =>
        await store.Add(database.Msp, request.ToEntry(), database.Actor, cancellation) switch
        {
            JobAnswer.Kept kept => TypedResults.Created(Address(kept.Id), (await All.Find(kept.Id, database, cancellation))!),
            var other => ProblemOf(other),
        };

    private static async Task<Results<Ok<JobResource>, ProblemResult>> Change(
        long id, NewJob request, MspDatabase database, JobStore store, CancellationToken cancellation) =>
        await store.Change(database.Msp, id, request.ToEntry(), database.Actor, database.Condition.Precondition, cancellation) switch
        {
            JobAnswer.Kept => TypedResults.Ok((await All.Find(id, database, cancellation))!),
            var other => ProblemOf(other),
        };

    private static async Task<Results<NoContent, ProblemResult>> Delete(long id, MspDatabase database, JobStore store, CancellationToken cancellation) =>
        await store.Delete(database.Msp, id, database.Actor, database.Condition.Precondition, cancellation) is JobAnswer.Kept ? TypedResults.NoContent() : ProblemResult.Of(ProblemCode.NotFound);

    /// <summary>A silo does it; when that takes longer than a person may be kept waiting, the history will have it.</summary>
    private static async Task<Results<Ok<JobRunResource>, Accepted<JobRunResource>, ProblemResult>> Run(
        long id, MspDatabase database, JobStore store, RunWatch watch, CancellationToken cancellation)
    {
        if (await store.Ask(database.Msp, id, database.Actor, cancellation) is not { } asked) return ProblemResult.Of(ProblemCode.NotFound);
        var run = await watch.Await(
            async stop => (await Runs(database, id, asked, long.MaxValue, 1, stop)).Single(), found => found.Ended, cancellation);
        return run.Ended ? TypedResults.Ok(run) : TypedResults.Accepted(Address(id) + "/history", run);
    }

    private static ProblemResult ProblemOf(JobAnswer answer) => answer switch
    {
        JobAnswer.Unknown => ProblemResult.Of(ProblemCode.NotFound),
        JobAnswer.ContractUnknown => ProblemResult.Of(ProblemCode.ContractUnknown),
        JobAnswer.DatePassed passed => ProblemResult.Of(
            ProblemCode.JobDatePassed, string.Create(CultureInfo.InvariantCulture, $"The time on {passed.On:yyyy-MM-dd} has passed, or the job has run on that date.")),
        JobAnswer.TooMany => ProblemResult.Of(ProblemCode.JobsTooMany, $"An msp has at most {JobStore.JobsMax} jobs."),
        _ => throw new InvalidOperationException($"Keeping a job ended with {answer}."),
    };

    private static string Address(long id) => string.Create(CultureInfo.InvariantCulture, $"/v1/jobs/{id}");

    private static Task<List<JobRunResource>> Runs(MspDatabase database, long job, long? only, long before, int rows, CancellationToken cancellation) =>
        database.Rows("Billing/job_runs", [job, only, before, rows, JobRunResource.InvoicesShown], JobRunResource.FromRow, cancellation);
}
