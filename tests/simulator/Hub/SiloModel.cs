using UsageBilling.Grains.Integration;
using UsageBilling.Grains.ProductTenant;
using UsageBilling.Grains.ServiceLine;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Intents;
using UsageBilling.Runtime.Nights;
using UsageBilling.Silo;
using UsageBilling.Silo.Intents;
using UsageBilling.Silo.Reads;
using UsageBilling.Tests.Simulator.Store;
using UsageBilling.Tests.Simulator.Time;
using UsageBilling.Tests.Simulator.Vendors;

namespace UsageBilling.Tests.Simulator.Hub;

/// <summary>Every vendor there is, as one msp after the other knows them.</summary>
internal sealed record VendorModels(IReadOnlyDictionary<long, PsaModel> Psas, IReadOnlyDictionary<long, SourceModel> Sources, VendorFaults Faults);

/// <summary>One silo: the real reader, dispatcher and sender on the simulated store, with a pump per kind of work.</summary>
internal sealed class SiloModel
{
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);

    private readonly Host host;
    private readonly Dictionary<WorkOf, Pump> pumps;

    public SiloModel(Host host, Steps steps, Process process, VendorModels vendors, Weather weather, int chunk)
    {
        (this.host, Process) = (host, process);
        var integrations = new Turns<IntegrationState, IntegrationMessage>(host, process, new IntegrationGrain(), new IntegrationRows(host.Database));
        var lines = new LineDrain(host, process, new(host, process, new ServiceLineGrain(), new LineRows(host.Database)));
        var locks = new LockSessionsModel(host, process);
        var door = new Door(host, process, steps, vendors);
        var reads = new NightReadsModel(host, process, new(host, process, new ProductTenantGrain(), new TenantRows(host.Database)), chunk);
        var reader = new IntegrationReader(locks, reads, integrations, door, new Journal<IntegrationReader>(host));
        var intents = new IntentStoreModel(host, process, weather);
        var sender = new IntentSender(intents, new IntentTimes(), host.Database.Clock, new Journal<IntentSender>(host));
        var dispatcher = new IntentDispatcher(locks, intents, integrations, door, sender, new Journal<IntentDispatcher>(host));
        pumps = new()
        {
            [WorkOf.Turns] = new(lines.DrainDue),
            [WorkOf.Reads] = new(() => reader.ReadDue(CancellationToken.None)),
            [WorkOf.Intents] = new(() => dispatcher.DispatchDue(CancellationToken.None)),
        };
        foreach (var pump in pumps.Values) _ = steps.Begin(() => Run(pump));
    }

    public Process Process { get; }

    /// <summary>Whether a poke would do anything: nobody works on the kind here, and no poke is on its way.</summary>
    public bool TakesPoke(WorkOf kind)
    {
        var pump = pumps[kind];
        return pump.Idle is not null && !pump.PokeOnItsWay && (pump.PokeOnItsWay = true);
    }

    public void Wake(WorkOf kind)
    {
        var pump = pumps[kind];
        (pump.Poked, pump.PokeOnItsWay) = (true, false);
        if (pump.Idle is not { } idle) return;
        pump.Idle = null;
        idle.SetResult();
    }

    private async Task Run(Pump pump)
    {
        while (true)
        {
            try
            {
                pump.Poked = false;
                while (await pump.Work())
                {
                    // more may have come while this was done
                }

                if (pump.Poked) continue;
                pump.Idle = new TaskCompletionSource();
                await pump.Idle.Task;
            }
            catch (Exception fault)
            {
                if (!Host.IsTransient(fault)) host.Mistake(fault.ToString());
                await host.Pace.Step(Process, AfterFault);
            }
        }
    }

    private sealed class Pump(Func<Task<bool>> work)
    {
        public Func<Task<bool>> Work { get; } = work;

        public TaskCompletionSource? Idle { get; set; }

        public bool Poked { get; set; }

        public bool PokeOnItsWay { get; set; }
    }

    /// <summary>The kind of an integration is its number here: each has a vendor of its own.</summary>
    private sealed class Door(Host host, Process process, Steps steps, VendorModels vendors) : IVendorDoor
    {
        public IProductSource? Source(string kind) => new SourceConnectorModel(host, process, vendors.Sources[Number(kind)], vendors.Faults);

        public IPsaConnector? Psa(string kind) => new PsaConnectorModel(host, process, steps, vendors.Psas[Number(kind)], vendors.Faults);

        public VendorAccess Access(DueIntegration integration) => Access(integration.Id);

        public VendorAccess Access(DuePsa psa) => Access(psa.Id);

        public Task<VendorFailure?> AskQuota(IPsaConnector psa, VendorAccess access, CancellationToken cancellation) => Task.FromResult<VendorFailure?>(null);

        private static long Number(string kind) => long.Parse(kind, global::System.Globalization.CultureInfo.InvariantCulture);

        private static VendorAccess Access(long id) => new(new IntegrationId(id), new Uri("https://vendor.test/"), "", "", "");
    }
}
