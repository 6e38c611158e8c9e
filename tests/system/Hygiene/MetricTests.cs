using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns;
using UsageBilling.Silo;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Hygiene;

/// <summary>Metrics reach a collector, and turns are counted by what they came to.</summary>
public sealed class MetricTests
{
    [Fact]
    public async Task A_silo_sends_its_metrics_to_a_collector()
    {
        await using var collector = await Collector.Start("UsageBilling.Silo", "usagebilling.silo.work.parked", "Npgsql", "quartz.", "usagebilling-silo");
        await using var database = await TidyDatabase.Create();
        await using var silo = await SiloServer.Start(
            new SiloOptions
            {
                ConnectionString = database.ConnectionString,
                Clock = Hub.Clock,
                Telemetry = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
                    ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                    ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
                }).Build(),
            },
            default);

        await collector.Everything.WaitAsync(TimeSpan.FromSeconds(60), Hub.Clock);
    }

    [Fact]
    public void Turns_are_counted_by_what_they_came_to()
    {
        using var meter = new EngineMeter();
        var seen = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, all) =>
            {
                if (instrument.Meter == meter.Meter) all.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen[$"{instrument.Name} {tags[0].Value}"] = value);
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => seen[$"{instrument.Name} {tags[0].Value}"] = value);
        listener.Start();

        meter.Committed(
            GrainKind.Organization,
            [new TurnResult.Taken(Verdict.Ok), new TurnResult.Taken(new Verdict.Refused("nothing_changed", "It is so.")), new TurnResult.Busy(), new TurnResult.Broke("why")],
            TimeSpan.FromMilliseconds(12));
        meter.UnknownCommit(GrainKind.Organization);

        Assert.Equal("UsageBilling.Turns", meter.Meter.Name);
        Assert.Equal(
            "usagebilling.turns.batch Organization 12, usagebilling.turns.refused Organization 1, "
            + "usagebilling.turns.taken Organization 2, usagebilling.turns.unknown_commits Organization 1",
            string.Join(", ", seen.OrderBy(number => number.Key, StringComparer.Ordinal).Select(number => $"{number.Key} {number.Value}")));
    }

    /// <summary>Takes metrics by http/protobuf until all words were in them.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly TaskCompletionSource everything = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly HashSet<string> missing;
        private readonly WebApplication server;

        private Collector(string[] words)
        {
            missing = [.. words];
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(global::System.Net.IPAddress.Loopback, 0));
            server = builder.Build();
            server.Run(Take);
        }

        public string Url => server.Urls.Single();

        public Task Everything => everything.Task;

        public static async Task<Collector> Start(params string[] words)
        {
            var collector = new Collector(words);
            await collector.server.StartAsync();
            return collector;
        }

        public ValueTask DisposeAsync() => server.DisposeAsync();

        private async Task Take(HttpContext call)
        {
            using var body = new MemoryStream();
            await call.Request.Body.CopyToAsync(body);
            var text = Encoding.Latin1.GetString(body.ToArray());
            lock (missing)
            {
                if (call.Request.Path == "/v1/metrics" && call.Request.ContentType == "application/x-protobuf") missing.RemoveWhere(word => text.Contains(word, StringComparison.Ordinal));
                if (missing.Count == 0) everything.TrySetResult();
            }
        }
    }
}
