using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using UsageBilling.Sandbox.Autotask;
using UsageBilling.Sandbox.Bms;
using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.UniView;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox;

/// <summary>The pretended vendors on a real port of 127.0.0.1. Tests start as many as they like; disposing stops it.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private static readonly TimeSpan StopLongest = TimeSpan.FromSeconds(2);

    private readonly WebApplication application;

    private SandboxServer(WebApplication application, SandboxClock clock)
    {
        this.application = application;
        Clock = clock;
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        BaseUrl = new Uri(addresses.Single());
    }

    /// <summary>Where it listens, for example <c>http://127.0.0.1:9100/</c>.</summary>
    public Uri BaseUrl { get; }

    /// <summary>The date the vendors believe in.</summary>
    public SandboxClock Clock { get; }

    /// <summary>Starts listening.</summary>
    /// <exception cref="SandboxCannotStartException">The seed or the state file cannot be used, or the port is taken; the message says which.</exception>
    public static async Task<SandboxServer> Start(SandboxOptions options, CancellationToken cancellation)
    {
#pragma warning disable RS0030 // the composition root names the wall clock
        var time = options.Time ?? TimeProvider.System;
#pragma warning restore RS0030
        var clock = new SandboxClock(time);
        var doors = Compose(options, clock, time);
        var application = Build(options);
        var stopping = application.Lifetime.ApplicationStopping;
        application.Run(http => Doors.Open(doors, http, stopping));
        try
        {
            await application.StartAsync(cancellation);
        }
        catch (IOException failure)
        {
            await application.DisposeAsync();
            throw new SandboxCannotStartException(
                failure.InnerException is AddressInUseException
                    ? $"Port {options.Port} on 127.0.0.1 is in use."
                    : $"Port {options.Port} on 127.0.0.1 cannot be used: {failure.Message}",
                failure);
        }

        return new SandboxServer(application, clock);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await application.DisposeAsync();
    }

    private static Doors Compose(SandboxOptions options, SandboxClock clock, TimeProvider time)
    {
        var seed = options.Seed ?? Path.Combine(AppContext.BaseDirectory, "Seed");
        var state = new SandboxState(options.State);
        var room = new HoldingRoom(time);
        var autotask = new AutotaskVendor(options, clock, state, AutotaskSeed.Load(seed));
        var uniView = new UniViewVendor(options, clock, state, UniViewSeed.Load(seed));
        var bms = BmsRegion.All.Where(region => BmsSeed.IsIn(seed, region)).Select(region => new BmsVendor(region, BmsSeed.Load(seed, region), options, clock, state));
        IVendor[] vendors = [autotask, uniView, .. bms];
        if (state.Open(vendors) is { } objection)
            throw new SandboxCannotStartException(objection, null);
        var pipelines = vendors.ToDictionary(vendor => vendor.Name, vendor => new VendorPipeline(vendor, room), StringComparer.OrdinalIgnoreCase);
        return new Doors(pipelines, new ControlRoutes(clock, room, state, pipelines, new DomainEdits(uniView)));
    }

    private static WebApplication Build(SandboxOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.AnyAddress ? IPAddress.Any : IPAddress.Loopback, options.Port);
            kestrel.Limits.MaxRequestBodySize = Ask.BodyBytesMax;
            kestrel.AddServerHeader = false;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopLongest);
        return builder.Build();
    }
}
