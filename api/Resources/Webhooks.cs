using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Hosting;
using UsageBilling.Api.Idempotency;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Api.Versions;
using UsageBilling.Runtime.Webhooks;

namespace UsageBilling.Api.Resources;

/// <summary>Which deliveries are wanted.</summary>
internal sealed record DeliveryQuery([FromQuery(Name = "state")] string? State) : IChecked
{
    private static readonly string[] States = ["pending", "sending", "failed", "delivered", "parked"];

    public IEnumerable<FieldError> Check()
    {
        if (State is not null && !States.Contains(State)) yield return new("state", $"Must be one of {string.Join(", ", States)}.");
    }
}

/// <summary>Webhooks: who is told of what happens, and what was told.</summary>
internal static class Webhooks
{
    private static readonly Listing<WebhookResource> All = new("Webhooks/list", Listing<WebhookResource>.OldestFirst, [], WebhookResource.FromRow, webhook => webhook.Id);

    public static void MapWebhooks(this RouteGroupBuilder group)
    {
        var webhooks = group.MapGroup("/webhooks").WithTags("webhooks");
        webhooks.MapGet("", All.List);
        webhooks.MapGet("/{id:long}", All.Get).Tagged();
        webhooks.MapGet("/{id:long}/deliveries", Deliveries);

        var running = webhooks.MapGroup("").RequireAuthorization(Policies.Operator);
        running.MapPost("/{id:long}/test", Test);
        running.MapPost("/{id:long}/deliveries/{delivery:long}/resend", Resend);

        // whoever names the address decides who is shown what happens to the msp
        var secrets = webhooks.MapGroup("").RequireAuthorization(Policies.Superuser);
        secrets.MapPost("", Add).WithMetadata(new SecretAnswer());
        secrets.MapPut("/{id:long}", Change).Replaces(All.Version("Versions/lock_webhook"));
        secrets.MapDelete("/{id:long}", Remove).Changes(All.Version("Versions/lock_webhook"));
        secrets.MapPost("/{id:long}/rotate", Rotate).Changes(All.Version("Versions/lock_webhook")).WithMetadata(new SecretAnswer());
    }

    private static async Task<Results<Ok<Page<DeliveryResource>>, ProblemResult>> Deliveries(
        long id, [AsParameters] PageQuery page, [AsParameters] DeliveryQuery query, MspDatabase database, CancellationToken cancellation)
    {
        if (await All.Find(id, database, cancellation) is null) return ProblemResult.Of(ProblemCode.NotFound);
        var rows = await Read(database, id, null, page.From(long.MaxValue).First, page.Rows, query.State, cancellation);
        return TypedResults.Ok(page.Of(rows, delivery => new(delivery.Id, 0)));
    }

    private static async Task<Results<Created<MadeWebhookResource>, ProblemResult>> Add(
        NewWebhook request, MspDatabase database, WebhookStore store, ApiOptions options, HttpResponse response, CancellationToken cancellation)
    {
        response.Headers.CacheControl = "no-store";
        if (Objection(request, options) is { } problem) return problem;
        return await store.Add(database.Msp, request.ToEntry(), database.Actor, cancellation) switch
        {
            WebhookAnswer.Done { Secret: { } secret } made => TypedResults.Created(Address(made.Id), new MadeWebhookResource(secret.Text, (await All.Find(made.Id, database, cancellation))!)),
            var other => ProblemOf(other),
        };
    }

    private static async Task<Results<Ok<WebhookResource>, ProblemResult>> Change(
        long id, NewWebhook request, MspDatabase database, WebhookStore store, ApiOptions options, CancellationToken cancellation)
    {
        if (Objection(request, options) is { } problem) return problem;
        return await store.Change(database.Msp, id, request.ToEntry(), database.Actor, database.Condition.Precondition, cancellation) switch
        {
            WebhookAnswer.Done => TypedResults.Ok((await All.Find(id, database, cancellation))!),
            var other => ProblemOf(other),
        };
    }

    private static async Task<Results<Ok<MadeWebhookResource>, ProblemResult>> Rotate(
        long id, SecretRotation? request, MspDatabase database, WebhookStore store, HttpResponse response, CancellationToken cancellation)
    {
        response.Headers.CacheControl = "no-store";
        return await store.Rotate(database.Msp, id, (request ?? new()).OverlapMinutes, database.Actor, database.Condition.Precondition, cancellation) switch
        {
            WebhookAnswer.Done { Secret: { } secret } => TypedResults.Ok(new MadeWebhookResource(secret.Text, (await All.Find(id, database, cancellation))!)),
            var other => ProblemOf(other),
        };
    }

    private static async Task<Results<NoContent, ProblemResult>> Remove(long id, MspDatabase database, WebhookStore store, CancellationToken cancellation) =>
        await store.Remove(database.Msp, id, database.Actor, database.Condition.Precondition, cancellation) is var answer && answer is WebhookAnswer.Done ? TypedResults.NoContent() : ProblemOf(answer);

    /// <summary>A silo delivers it; the api waits a while for how the first attempt ended.</summary>
    private static async Task<Results<Ok<DeliveryResource>, Accepted<DeliveryResource>, ProblemResult>> Test(
        long id, MspDatabase database, WebhookStore store, RunWatch watch, CancellationToken cancellation)
    {
        if (await All.Find(id, database, cancellation) is not { } webhook) return ProblemResult.Of(ProblemCode.NotFound);
        if (webhook.State != "enabled" || await store.Test(database.Msp, id, database.Actor, cancellation) is not { } written) return ProblemResult.Of(ProblemCode.WebhookDisabled);
        return await Tried(id, written, database, watch, cancellation);
    }

    /// <summary>What is under way already is not begun again: the answer is how it stands.</summary>
    private static async Task<Results<Ok<DeliveryResource>, Accepted<DeliveryResource>, ProblemResult>> Resend(
        long id, long delivery, MspDatabase database, WebhookStore store, RunWatch watch, CancellationToken cancellation)
    {
        if (await All.Find(id, database, cancellation) is not { } webhook || (await Read(database, id, delivery, long.MaxValue, 1, null, cancellation)).Count == 0)
            return ProblemResult.Of(ProblemCode.NotFound);
        if (webhook.State != "enabled") return ProblemResult.Of(ProblemCode.WebhookDisabled);
        await store.Resend(database.Msp, id, delivery, database.Actor, cancellation);
        return await Tried(id, delivery, database, watch, cancellation);
    }

    private static async Task<Results<Ok<DeliveryResource>, Accepted<DeliveryResource>, ProblemResult>> Tried(
        long id, long delivery, MspDatabase database, RunWatch watch, CancellationToken cancellation)
    {
        var tried = await watch.Await(async stop => (await Read(database, id, delivery, long.MaxValue, 1, null, stop)).Single(), found => found.Tried, cancellation);
        return tried.Tried ? TypedResults.Ok(tried) : TypedResults.Accepted(Address(id) + "/deliveries", tried);
    }

    private static ProblemResult? Objection(NewWebhook request, ApiOptions options) =>
        options.Receivers.Objection(request.Url) is { } sentence ? ProblemResult.Of(ProblemCode.ValidationFailed, [new("url", sentence)]) : null;

    private static ProblemResult ProblemOf(WebhookAnswer answer) => answer switch
    {
        WebhookAnswer.Unknown => ProblemResult.Of(ProblemCode.NotFound),
        WebhookAnswer.NameTaken => ProblemResult.Of(ProblemCode.NameTaken, "Another webhook has this name already."),
        WebhookAnswer.TooMany => ProblemResult.Of(ProblemCode.WebhooksTooMany, string.Create(CultureInfo.InvariantCulture, $"An msp has at most {WebhookStore.WebhooksMax} webhooks.")),
        _ => throw new InvalidOperationException($"A wish about webhooks ended with {answer.GetType().Name}."),
    };

    private static Task<List<DeliveryResource>> Read(MspDatabase database, long webhook, long? only, long before, int rows, string? state, CancellationToken cancellation) =>
        database.Rows("Webhooks/deliveries", [webhook, only, before, rows, state], DeliveryResource.FromRow, cancellation);

    private static string Address(long id) => string.Create(CultureInfo.InvariantCulture, $"/v1/webhooks/{id}");
}
