using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Diagnostics;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Problems;
using UsageBilling.Runtime.Hygiene;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Idempotency;

/// <summary>Marks a route whose answer holds a secret: it is not kept.</summary>
internal sealed class SecretAnswer;

/// <summary>Marks a route that keeps its own keys, for longer.</summary>
internal sealed class OwnKeys;

/// <summary>
/// <c>Idempotency-Key</c> on a POST: what is asked under one key is done once. The same again gets the stored answer; something else under the same key is refused. A
/// request with a key goes on when its sender hangs up, so that there is an answer to come back for.
/// </summary>
internal sealed class RepeatableRequests(RequestDelegate next)
{
    public const string Header = "Idempotency-Key";

    private const string Replayed = "Idempotent-Replayed";
    private const int KeyMax = 200;

    /// <summary>Statuses that say that nothing was done, and that it is worth another try.</summary>
    private static readonly int[] NothingDone = [StatusCodes.Status429TooManyRequests, StatusCodes.Status503ServiceUnavailable];

    public async Task Invoke(HttpContext context)
    {
        if (!IsMeant(context) || !context.Request.Headers.TryGetValue(Header, out var given))
        {
            await next(context);
            return;
        }

        var key = given.ToString();
        if (key.Length is 0 or > KeyMax || key.Any(letter => letter is < '!' or > '~'))
        {
            await ProblemResult.Of(ProblemCode.IdempotencyKeyInvalid).ExecuteAsync(context);
            return;
        }

        context.RequestAborted = CancellationToken.None;
        var database = (await MspDatabase.BindAsync(context))!;
        var known = await database.One("Idempotency/begin", [key, await Asked(context.Request), Retention.RepeatableHours], Known.FromRow, default);
        await (known switch
        {
            { IsNew: true } => DoOnce(context, database, key),
            { IsSame: false } => ProblemResult.Of(ProblemCode.IdempotencyKeyReused).ExecuteAsync(context),
            { Status: null } or null => ProblemResult.Of(ProblemCode.RequestUnfinished).ExecuteAsync(context),
            { Answer: null } => ProblemResult.Of(ProblemCode.AnswerNotKept).ExecuteAsync(context),
            _ => Replay(context.Response, known),
        });
    }

    private static bool IsMeant(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) && context.User.Identity is CallerIdentity && context.GetEndpoint()?.Metadata.GetMetadata<OwnKeys>() is null;

    /// <summary>What failed in the middle may have been done: its key stands for a request without an answer.</summary>
    private async Task DoOnce(HttpContext context, MspDatabase database, string key)
    {
        var (response, sender) = (context.Response, context.Response.Body);
        using var answer = new MemoryStream();
        response.Body = answer;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = sender;
        }

        var failed = context.Features.Get<IExceptionHandlerFeature>() is not null && response.StatusCode >= StatusCodes.Status500InternalServerError;
        if (!failed && NothingDone.Contains(response.StatusCode)) await database.Rows("Idempotency/forget", [key], _ => 0, default);
        else if (!failed)
        {
            var kept = context.GetEndpoint()?.Metadata.GetMetadata<SecretAnswer>() is null ? answer.ToArray() : null;
            await database.Rows("Idempotency/finish", [key, (short)response.StatusCode, response.ContentType, response.Headers.Location.ToString(), kept], _ => 0, default);
        }

        answer.Position = 0;
        await answer.CopyToAsync(sender);
    }

    private static async Task Replay(HttpResponse response, Known known)
    {
        response.StatusCode = known.Status!.Value;
        response.ContentType = known.ContentType;
        response.Headers[Replayed] = "true";
        if (!string.IsNullOrEmpty(known.Location)) response.Headers.Location = known.Location;
        await response.Body.WriteAsync(known.Answer);
    }

    private static async Task<byte[]> Asked(HttpRequest request)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Path}{request.QueryString}\n"));
        var buffer = new byte[8192];
        for (int read; (read = await request.Body.ReadAsync(buffer)) > 0;) hash.AppendData(buffer, 0, read);
        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    private sealed record Known(bool IsNew, bool? IsSame, short? Status, string? ContentType, string? Location, byte[]? Answer)
    {
        public static Known FromRow(Npgsql.NpgsqlDataReader row) => new(
            row.GetBoolean(0), row.IsDBNull(1) ? null : row.GetBoolean(1), row.IsDBNull(2) ? null : row.GetInt16(2), row.Text(3), row.Text(4),
            row.IsDBNull(5) ? null : row.GetFieldValue<byte[]>(5));
    }
}
