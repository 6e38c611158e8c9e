using Npgsql;
using UsageBilling.Api.Database;
using UsageBilling.Runtime.Isolation;

namespace UsageBilling.Api.Versions;

/// <summary>The resource is not what <c>If-Match</c> names: thrown inside the transaction of the change, of which nothing happens.</summary>
internal sealed class ConditionFailedException() : Exception("The resource is not what If-Match names.");

/// <summary>
/// What a request wants to be true of the resource that it changes (<c>If-Match</c>). It is asked in the transaction of the change, under a lock of the resource: of two who saw the same, one changes it, and
/// the other is told.
/// </summary>
internal sealed class Condition(HttpContext request, MspDatabase database)
{
    private readonly Versioned? of = request.GetEndpoint()?.Metadata.GetMetadata<ConditionalRoute>()?.Of;

    /// <summary>For whoever changes the resource; null when the request wants nothing.</summary>
    public Precondition? Precondition => of is not null && request.Request.Headers.IfMatch.Count > 0 ? Hold : null;

    /// <summary>Whether it was asked. A change that never asks would break the promise of the header.</summary>
    public bool WasAsked { get; private set; }

    private async Task Hold(NpgsqlConnection connection, CancellationToken cancellation)
    {
        WasAsked = true;
        var sight = new Sight(database.On(connection), request, connection);
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.BatchCommands.Add(Statement.Of(of!.Lock, database.Msp, of.Named(sight)));
            await batch.ExecuteNonQueryAsync(cancellation);
        }

        // of what is not there, whoever would change it says so
        if (await of.Read(sight, cancellation) is not { } resource) return;
        var tag = EntityTag.Of(EntityTag.Json(resource, request));
        if (!EntityTag.IsNamed(request.Request.Headers.IfMatch, tag, strongly: true)) throw new ConditionFailedException();
    }
}
