using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace UsageBilling.Runtime.Telemetry;

/// <summary>Sends metrics and traces to a collector, when one is configured by OpenTelemetry's own settings.</summary>
/// <param name="service">What the collector calls this program, unless <c>OTEL_SERVICE_NAME</c> does.</param>
/// <param name="settings">Names and values as in the environment; null for no export.</param>
/// <param name="meters">Meters of the program's own, beside those that every program of the hub has.</param>
public sealed class TelemetryExport(string service, IConfiguration? settings, params string[] meters) : IHostedService, IDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string Name = "OTEL_SERVICE_NAME";

    /// <summary>A collector that is gone must not keep a program from stopping.</summary>
    private const int StopMillisecondsMax = 3000;

    private static readonly string[] CommonMeters = [Turns.EngineMeter.Name, "Npgsql", "System.Runtime"];
    private static readonly string[] Sources = [Traces.Name, "Microsoft.AspNetCore", "System.Net.Http", "Npgsql"];

    private MeterProvider? metrics;
    private TracerProvider? traces;

    /// <summary>What is wrong with the settings, one sentence each.</summary>
    public static IEnumerable<string> Objections(IConfiguration settings)
    {
        if (settings[Endpoint] is { Length: > 0 } url && !(Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            yield return $"{Endpoint} is the address of a collector, for example http://collector:4317, not '{url}'.";
        if (settings[Protocol] is { Length: > 0 } protocol and not ("grpc" or "http/protobuf")) yield return $"{Protocol} is grpc or http/protobuf, not '{protocol}'.";
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings?[Endpoint] is not { Length: > 0 }) return Task.CompletedTask;
        metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(settings))
            .ConfigureResource(Describe)
            .AddMeter([.. CommonMeters, .. meters])
            .AddOtlpExporter()
            .Build();
        traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(settings))
            .ConfigureResource(Describe)
            .AddSource(Sources)
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        traces?.Shutdown(StopMillisecondsMax);
        metrics?.Shutdown(StopMillisecondsMax);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
    }

    private void Describe(ResourceBuilder resource) => resource.AddService(settings?[Name] ?? service);
}
