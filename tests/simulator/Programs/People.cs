using UsageBilling.Grains.Contract;
using UsageBilling.Grains.Integration;
using UsageBilling.Grains.Organization;
using UsageBilling.Grains.ProductTenant;
using UsageBilling.Grains.ServiceLine;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Products;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Turns;
using UsageBilling.Tests.Simulator.Hub;
using UsageBilling.Tests.Simulator.Store;
using UsageBilling.Tests.Simulator.Time;
using UsageBilling.Tests.Simulator.Vendors;

namespace UsageBilling.Tests.Simulator.Programs;

/// <summary>People at the api: each asks one thing in a process of its own, again when it was busy or the answer was lost.</summary>
internal sealed class People(Host host, Steps steps, Weather weather, World world)
{
    private const int AskedMost = 5;

    private Database Database => host.Database;

    /// <summary>One of the things people do, chosen and filled in by the dice.</summary>
    public void ActOnce(Dice dice)
    {
        Action<Process, Dice> act = dice.Below(100) switch
        {
            < 30 => MapTenant,
            < 38 => MapOrganization,
            < 52 => GiveUnits,
            < 66 => ReleaseHold,
            < 76 => Refresh,
            < 88 => ChooseBasis,
            < 92 => ReleaseIntents,
            < 94 => EditElsewhere,
            < 95 => MoveContract,
            < 96 => ChangePrice,
            < 98 => ChangeTerms,
            _ => RequestNight,
        };
        act(new("api"), dice);
    }

    /// <summary>At the beginning most bases are chosen and most organizations have an account.</summary>
    public void SetUp(Dice dice)
    {
        foreach (var line in Database.Lines.Values) Choose(new("api"), line, dice);
        foreach (var organization in Database.Organizations.Values) Map(new("api"), organization, dice, world.Start.AddDays(-dice.Below(20)));
    }

    /// <summary>New credentials for what a vendor refused.</summary>
    public void RenewCredentials()
    {
        foreach (var row in Database.Integrations.Values.Where(row => row.Credentials == CredentialState.Refused))
            Ask(new Process("api"), Integrations, row.Msp, row.Id, new IntegrationMessage.CredentialsChanged());
    }

    /// <summary>Whatever was parked after five attempts gets another five.</summary>
    public void ReleaseParked()
    {
        foreach (var work in Database.Reminders.Values.Concat<IDueWork>(Database.Messages.Values).Where(work => work.ParkedReason is not null))
            (work.ParkedReason, work.Attempt, work.DueAt) = (null, 0, Database.Clock.Now);
    }

    public void MapTenants(Dice dice)
    {
        foreach (var tenant in Database.Tenants.Values.ToList())
        {
            var mapped = dice.Happens(0.7);
            var (organization, back) = (dice.OneOf([.. Database.Organizations.Values.Where(row => row.Msp == tenant.Msp)]), dice.Below(12));
            if (mapped) Ask(new Process("api"), Tenants, tenant.Msp, tenant.Id, new ProductTenantMessage.Map(new OrganizationId(organization.Id), Database.NightOf(tenant.Msp).AddDays(-back)));
        }
    }

    private Turns<ProductTenantState, ProductTenantMessage> Tenants(Process process) => new(host, process, new ProductTenantGrain(), new TenantRows(Database));

    private Turns<OrganizationState, OrganizationMessage> Organizations(Process process) => new(host, process, new OrganizationGrain(), new OrganizationRows(Database));

    private Turns<ServiceLineState, ServiceLineMessage> Lines(Process process) => new(host, process, new ServiceLineGrain(), new LineRows(Database));

    private Turns<IntegrationState, IntegrationMessage> Integrations(Process process) => new(host, process, new IntegrationGrain(), new IntegrationRows(Database));

    private Turns<ContractState, ContractMessage> Contracts(Process process) => new(host, process, new ContractGrain(), new ContractRows(Database));

    private void MapTenant(Process process, Dice dice)
    {
        if (Database.Tenants.Count == 0) return;
        var tenant = dice.OneOf([.. Database.Tenants.Values]);
        var organization = dice.OneOf([.. Database.Organizations.Values.Where(row => row.Msp == tenant.Msp)]);
        Ask(process, Tenants, tenant.Msp, tenant.Id, new ProductTenantMessage.Map(dice.Happens(0.15) ? null : new OrganizationId(organization.Id), SomeDate(tenant.Msp, dice)));
    }

    private void MapOrganization(Process process, Dice dice)
    {
        var organization = dice.OneOf([.. Database.Organizations.Values]);
        Map(process, organization, dice, SomeDate(organization.Msp, dice));
    }

    private void Map(Process process, OrganizationRow organization, Dice dice, DateOnly from)
    {
        var account = dice.OneOf([.. Database.Accounts.Values.Where(row => row.Msp == organization.Msp)]);
        Ask(process, Organizations, organization.Msp, organization.Id, new OrganizationMessage.Map(dice.Happens(0.1) ? null : new PsaAccountId(account.Id), from));
    }

    /// <summary>Mostly tonight, sometimes back into closed months, sometimes ahead.</summary>
    private DateOnly SomeDate(long msp, Dice dice) => Database.NightOf(msp).AddDays(dice.Below(10) switch { < 5 => 0, < 8 => -dice.Below(45), _ => dice.Below(10) });

    private void ChangePrice(Process process, Dice dice)
    {
        var line = dice.OneOf([.. Database.Lines.Values]);
        Ask(process, Lines, line.Msp, line.Id, new ServiceLineMessage.ChangePrice(dice.OneOf([0m, 1.25m, 9.99m, 0.123457m]), SomeDate(line.Msp, dice)));
    }

    /// <summary>Some give a number, and within seconds another: the one before it, or a better one.</summary>
    private void GiveUnits(Process process, Dice dice)
    {
        var (line, units, days) = (dice.OneOf([.. Database.Lines.Values]), new Units(dice.Below(60)), dice.Between(-30, 6));
        var (corrections, on) = (dice.Happens(0.4) ? dice.Between(1, 3) : 0, Database.NightOf(line.Msp).AddDays(days));
        var before = line.Counts.Where(row => row.Count.EffectiveOn <= on).MaxBy(row => (row.Count.EffectiveOn, row.Count.Sequence))?.Count.Units ?? Units.Zero;
        Ask(process, Lines, line.Msp, line.Id, new ServiceLineMessage.GiveUnits(units, on));
        for (var (correction, after) = (0, TimeSpan.Zero); correction < corrections; correction++)
        {
            after += dice.Within(TimeSpan.Zero, TimeSpan.FromSeconds(8));
            var (right, back) = (new Units(dice.Below(60)), dice.Happens(0.5));
            steps.After(after, () => Ask(new Process("api"), Lines, line.Msp, line.Id, new ServiceLineMessage.GiveUnits(back ? before : right, on)));
        }
    }

    private void ReleaseHold(Process process, Dice dice)
    {
        var (which, given, units) = (dice.Below(1_000), dice.Happens(0.3), new Units(dice.Below(60)));
        var held = Database.Lines.Values.Where(line => line.OpenHold is not null).ToList();
        if (held.Count == 0) return;
        var line = held[which % held.Count];
        Ask(process, Lines, line.Msp, line.Id, new ServiceLineMessage.ReleaseHold(given ? units : null));
    }

    /// <summary>Mostly at the worst moment: while the next night is read.</summary>
    private void Refresh(Process process, Dice dice)
    {
        var (line, atNight, after) = (dice.OneOf([.. Database.Lines.Values]), dice.Happens(0.7), dice.Within(TimeSpan.Zero, TimeSpan.FromSeconds(10)));
        var calendar = Database.Msps[line.Msp].Calendar;
        steps.At(
            atNight ? calendar.RunAt(calendar.Existing(Database.NightOf(line.Msp).AddDays(1))) + after : Database.Clock.Now,
            () => Ask(process, Lines, line.Msp, line.Id, new ServiceLineMessage.RefreshRequested()));
    }

    private void ChangeTerms(Process process, Dice dice)
    {
        var line = dice.OneOf([.. Database.Lines.Values]);
        var (minimum, maximum, included) = (Some(dice, 0, 15), Some(dice, 15, 60), Some(dice, 1, 8));
        ProposedTier[] tiers = dice.Happens(0.4) ? [new(dice.Between(1, 20), 4.5m, dice.OneOf([0m, 10m])), new(null, 3.333333m, 0m)] : [];
        var settings = new ProrationOverrides(
            ChangeDay: dice.Happens(0.3) ? ChangeDay.Old : null,
            LineStyle: dice.Happens(0.2) ? LineStyle.CreditAndCharge : null,
            Increases: dice.Happens(0.3) ? dice.OneOf(Enum.GetValues<ChangePolicy>()) : null,
            Decreases: dice.Happens(0.3) ? dice.OneOf(Enum.GetValues<ChangePolicy>()) : null,
            Mode: dice.Happens(0.4) ? dice.OneOf(Enum.GetValues<CountMode>()) : null);
        var terms = new ProposedTerms(minimum, maximum, included, dice.OneOf(Enum.GetValues<TierKind>()), Sequence.From(tiers), settings);
        Ask(process, Lines, line.Msp, line.Id, new ServiceLineMessage.ChangeTerms(terms, SomeDate(line.Msp, dice)));
    }

    private static decimal? Some(Dice dice, int least, int most) => dice.Happens(0.4) ? dice.Between(least, most) : null;

    private void ChooseBasis(Process process, Dice dice) => Choose(process, dice.OneOf([.. Database.Lines.Values]), dice);

    private void Choose(Process process, LineRow line, Dice dice)
    {
        if (dice.Happens(0.1)) return;
        var metrics = Catalogue.Products.Where(known => known.Source == "uniview").SelectMany(product => product.Metrics, (product, metric) => new BasisMetric(product.Id, metric.Id)).Where(_ => dice.Happens(0.4)).ToList();
        var basis = metrics.Count == 0 || dice.Happens(0.15) ? new Basis(BasisKind.Manual, []) : new Basis(BasisKind.Metrics, Sequence.From(metrics));
        Ask(process, Lines, line.Msp, line.Id, new ServiceLineMessage.ChooseBasis(basis));
    }

    private void ReleaseIntents(Process process, Dice dice)
    {
        foreach (var intent in Database.Intents.Where(intent => intent.State is "parked" or "rejected" && dice.Happens(0.5)).ToList())
            Begin(async () => await new IntentStoreModel(host, process, weather).Release(intent.Msp, intent.Id, CancellationToken.None));
    }

    /// <summary>Somebody edits a line in the PSA itself.</summary>
    private void EditElsewhere(Process process, Dice dice)
    {
        var psa = dice.OneOf([.. world.Psas.Values]);
        var (service, days, change) = (dice.OneOf([.. psa.Services]), dice.Between(-5, 5), dice.Between(-3, 5));
        psa.Apply(service, DateOnly.FromDateTime(Database.Clock.Now.UtcDateTime).AddDays(days), change, foreign: true);
    }

    private void MoveContract(Process process, Dice dice)
    {
        var contract = dice.OneOf([.. Database.Contracts.Values]);
        var until = contract.Until.AddDays(dice.Between(-30, 60));
        if (until <= contract.From) return;
        foreach (var line in Database.Lines.Values.Where(line => line.Contract == contract.Id)) world.Psas[contract.Integration].MoveEnd(line.RemoteId, until.AddDays(-1));
        Ask(process, Contracts, contract.Msp, contract.Id, new ContractMessage.Observed(contract.Name, contract.From, until, contract.Active));
    }

    private void RequestNight(Process process, Dice dice)
    {
        var integration = dice.OneOf([.. Database.Integrations.Values.Where(row => row.ReadsProducts)]);
        Ask(process, Integrations, integration.Msp, integration.Id, new IntegrationMessage.NightRequested(null));
    }

    private void Ask<TMessage>(Process process, Func<Process, IGrainDoor<TMessage>> door, long msp, long id, TMessage message) => Begin(async () =>
    {
        for (var asked = 0; asked < AskedMost; asked++)
        {
            try
            {
                if (await door(process).Ask(new MspId(msp), id, message, "clerk", CancellationToken.None) is not TurnResult.Busy) return;
            }
            catch (Exception fault) when (Host.IsTransient(fault))
            {
                // asked again: what was done already is refused as no change
            }

            await host.Pace.Step(process, TimeSpan.FromSeconds(1));
        }
    });

    private void Begin(Func<Task> work) => _ = steps.Begin(async () =>
    {
        try
        {
            await work();
        }
        catch (Exception fault)
        {
            if (!Host.IsTransient(fault)) host.Mistake(fault.ToString());
        }
    });
}
