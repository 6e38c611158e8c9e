using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Silo.Hygiene;

/// <summary>Sends the metrics to a collector, when one is configured by OpenTelemetry's own settings.</summary>
/// <param name="settings">Names and values as in the environment; null for no export.</param>
internal sealed class MetricExport(IConfiguration? settings) : IHostedService, IDisposable
{
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>A collector that is gone must not keep a silo from stopping.</summary>
    private const int StopMillisecondsMax = 3000;

    private static readonly string[] Meters = [Watchdog.MeterName, EngineMeter.Name, "UsageBilling.Connectors", "Npgsql", "Quartz"];

    private MeterProvider? provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings?[Endpoint] is not { Length: > 0 }) return Task.CompletedTask;
        provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(settings))
            .ConfigureResource(resource => resource.AddService(settings["OTEL_SERVICE_NAME"] ?? "usagebilling-silo"))
            .AddMeter(Meters)
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        provider?.Shutdown(StopMillisecondsMax);
        return Task.CompletedTask;
    }

    public void Dispose() => provider?.Dispose();
}
