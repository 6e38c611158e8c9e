using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox;

/// <summary>Which part of the sandbox a request is for, by its first path segment.</summary>
internal sealed record Doors(IReadOnlyDictionary<string, VendorPipeline> Pipelines, ControlRoutes Control)
{
    public static async Task Open(Doors doors, HttpContext http, CancellationToken stopping)
    {
        using var leaves = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        try
        {
            var ask = await Ask.Read(http.Request, leaves.Token);
            if (await doors.Serve(ask, leaves.Token) is { } answer)
                await answer.Write(http.Response, leaves.Token);
            else
                http.Abort();
        }
        catch (BadHttpRequestException refused)
        {
            await Answer.Problem(refused.StatusCode, refused.Message).Write(http.Response, leaves.Token);
        }
        catch (OperationCanceledException) when (leaves.IsCancellationRequested)
        {
            http.Abort();
        }
    }

    private async Task<Answer?> Serve(Ask ask, CancellationToken clientLeaves)
    {
        if (ask.Segments.Count == 0)
            return IndexPage.Answer(ask);
        if (ask.SegmentIs(0, "_sandbox"))
            return await Control.Serve(ask, clientLeaves);
        return Pipelines.TryGetValue(ask.Segments[0], out var pipeline)
            ? await pipeline.Serve(ask, clientLeaves)
            : Answer.Problem(404, $"There is no {ask.Path} here; GET / lists what there is.");
    }
}
