using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns;
using UsageBilling.Silo;
using UsageBilling.Tests.System.Hosting;
using UsageBilling.Tests.System.Hygiene;

namespace UsageBilling.Tests.System.Telemetry;

/// <summary>Metrics reach a collector, and turns are counted by what they came to.</summary>
public sealed class MetricTests
{
    [Fact]
    public async Task A_silo_sends_its_metrics_and_traces_to_a_collector()
    {
        await using var collector = await Collector.Start(["UsageBilling.Silo", "usagebilling.silo.work.parked", "Npgsql", "quartz.", "usagebilling-silo"], ["usagebilling-silo", "Npgsql"]);
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
                    ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
                }).Build(),
            },
            default);

        await collector.Everything();
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
}
