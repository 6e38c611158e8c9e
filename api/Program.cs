using System.Runtime.InteropServices;
using UsageBilling.Api.Access;
using UsageBilling.Api.Cluster;
using UsageBilling.Api.Contract;
using UsageBilling.Api.Explaining;
using UsageBilling.Api.Feeds;
using UsageBilling.Api.Hosting;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Resources;
using UsageBilling.Api.Sheets;
using UsageBilling.Api.Versions;

namespace UsageBilling.Api;

internal static class Program
{
    private const int CannotStart = 1;
    private const int BadOptions = 2;

    /// <summary>Everything the api answers.</summary>
    internal static void Map(WebApplication application)
    {
        application.MapHealth();
        application.MapIndex();
        application.MapOpenApi("/openapi/{documentName}.json");
        application.MapViewer();

        var v1 = application.MapGroup("/v1").RequireAuthorization(Policies.Viewer).WithChecks().WithConditions().WithProblems();
        v1.MapMsp();
        v1.MapProducts();
        v1.MapIntegrations();
        v1.MapRuns();
        v1.MapAccounts();
        v1.MapOrganizations();
        v1.MapTenants();
        v1.MapContracts();
        v1.MapLines();
        v1.MapProrations();
        v1.MapHolds();
        v1.MapNights();
        v1.MapIntents();
        v1.MapDrift();
        v1.MapMappingGrid();
        v1.MapSuggestions();
        v1.MapBulkMappings();
        v1.MapSheets();
        v1.MapUnitTimings();
        v1.MapReview();
        v1.MapPlans();
        v1.MapPostings();
        v1.MapNotices();
        v1.MapWebhooks();
        v1.MapInvoices();
        v1.MapJobs();
        v1.MapAlerts();
        v1.MapTickets();
        v1.MapParked();
        v1.MapCluster();
        v1.MapAudit();
        v1.MapKeys();

        // by themselves, because a feed's own key is no viewer's
        application.MapGroup("/v1").WithChecks().WithConditions().WithProblems().MapFeeds();
    }

    private static async Task<int> Main(string[] arguments)
    {
        var (line, objection) = CommandLine.Read(arguments, Settings.Read());
        if (line is null)
        {
            await Console.Error.WriteLineAsync(objection);
            return BadOptions;
        }

        try
        {
            await Run(line);
            return 0;
        }
        catch (ApiCannotStartException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return CannotStart;
        }
    }

    private static async Task Run(CommandLine line)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await using var server = await ApiServer.Start(line.Options, CancellationToken.None);
        Console.WriteLine($"api listening on {server.BaseUrl.GetLeftPart(UriPartial.Authority)}");
        var parentGone = line.ParentStdin ? Task.Run(ReadToEnd) : stop.Task;
        await Task.WhenAny(stop.Task, parentGone);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }

    /// <summary>The supervisor holds the other end; when it dies, this ends.</summary>
    private static void ReadToEnd()
    {
        using var input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[256];
        while (input.Read(ignored) > 0)
        {
            // whatever a supervisor says is not for us
        }
    }
}
