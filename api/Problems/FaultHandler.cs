using Microsoft.AspNetCore.Diagnostics;
using Npgsql;
using UsageBilling.Api.Versions;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Api.Problems;

/// <summary>Turns what a handler or the framework throws into problem details; nothing of a driver's or a framework's text leaves the house.</summary>
internal sealed partial class FaultHandler(ILogger<FaultHandler> logger) : IExceptionHandler
{
    private const string TextPostgresCannotKeep = "22021";
    private const string ReadOnlyAfterFailover = "25006";

    /// <summary>Refused log-in, no such database, no resources left, trouble of the machine: an operator's matter, not the caller's and not a mistake of ours.</summary>
    private static readonly string[] OutOfService = ["28", "3D", "53", "58"];

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested) return true;
        var problem = ProblemOf(exception);
        if (problem is null)
        {
            LogMistake(exception, httpContext.Request.Method, httpContext.Request.Path);
            problem = ProblemResult.Of(ProblemCode.InternalError);
        }

        await problem.ExecuteAsync(httpContext);
        return true;
    }

    private ProblemResult? ProblemOf(Exception fault)
    {
        switch (fault)
        {
            case BadHttpRequestException bad:
                return BadRequests.ProblemOf(bad);
            case ConditionFailedException:
                return ProblemResult.Of(ProblemCode.PreconditionFailed);
            case PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected }:
                return ProblemResult.Of(ProblemCode.Busy);
            case PostgresException { SqlState: TextPostgresCannotKeep }:
                return ProblemResult.Of(ProblemCode.ParameterInvalid, "A text has a character that cannot be stored.");
            case PostgresException known when !Transient.Is(known) && known.SqlState != ReadOnlyAfterFailover && !OutOfService.Any(known.SqlState.StartsWith):
                return null;
            case NpgsqlException or TimeoutException:
                LogDatabase(fault.GetType().Name, fault.Message);
                return ProblemResult.Of(ProblemCode.DatabaseUnavailable);
            default:
                return null;
        }
    }

    [LoggerMessage(EventId = 5001, Level = LogLevel.Error, Message = "{Method} {Path} broke: a mistake of ours.")]
    private partial void LogMistake(Exception fault, string method, string path);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Warning, Message = "The database did not answer a request: {Fault}: {Reason}")]
    private partial void LogDatabase(string fault, string reason);
}
