using Npgsql;
using UsageBilling.Grains.Alert;
using UsageBilling.Grains.Desk;
using UsageBilling.Grains.Integration;
using UsageBilling.Grains.ServiceLine;
using UsageBilling.Interfaces.Desk;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Desk;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Benchmarks.Faults;

/// <summary>Whoever asks the hub for something: a clerk who gives units and saves credentials, and what tells of alerts. Their turns are the api's.</summary>
internal sealed class People(NpgsqlDataSource database)
{
    public static readonly MspId Msp = new(1);

    private const string Clerk = "clerk";
    private const AlertSeverity Severity = AlertSeverity.Critical;
    private static readonly DeskRules Rules = new(EffectiveDesk.Of, EffectiveDesk.WithoutOverrides, (fields, wanted, known, account, places) =>
    {
        var (choices, objections) = DeskCheck.Of(fields, wanted, known, account, places);
        return new(choices, [.. objections.Select(objection => (objection.Field, objection.Sentence))]);
    });

    private readonly DeskStore desk = new(database, Rules);
    private readonly TurnEngine<ServiceLineState, ServiceLineMessage> lines = new(database, new ServiceLineGrain(), new ServiceLineTable(), new WorkSignal());
    private readonly TurnEngine<AlertState, AlertMessage> alerts = new(database, new AlertGrain(), new AlertTable(), new WorkSignal());
    private readonly TurnEngine<IntegrationState, IntegrationMessage> integrations = new(database, new IntegrationGrain(), new IntegrationTable(), new WorkSignal());

    public Task WillGiveUnits(long line, CancellationToken cancellation) => Ask(lines, line, new ServiceLineMessage.ChooseBasis(new(BasisKind.Manual, [])), cancellation);

    public Task GiveUnits(long line, decimal units, DateOnly from, CancellationToken cancellation) => Ask(lines, line, new ServiceLineMessage.GiveUnits(new Units(units), from), cancellation);

    public Task SaveCredentials(long integration, CancellationToken cancellation) => Ask(integrations, integration, new IntegrationMessage.CredentialsChanged(), cancellation);

    /// <summary>Sets what tickets are opened with.</summary>
    public async Task Choose(long integration, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellation)
    {
        var answer = await desk.SetDefaults(Msp, integration, settings, Clerk, null, cancellation);
        if (answer is DeskAnswer.Objected objected) throw new BenchException($"The settings of tickets are refused: {string.Join("; ", objected.Objections)}.");
        if (answer is not DeskAnswer.Done) throw new BenchException($"The settings of tickets are refused: {answer}.");
    }

    public Task Raise(long alert, long integration, string title, IReadOnlyList<EffectiveSetting> settings, CancellationToken cancellation)
    {
        var terms = TicketChoice.Terms(settings, Severity) ?? throw new BenchException("The settings name no account for tickets.");
        return Ask(alerts, alert, new AlertMessage.Raised(null, Severity, title, "", new(new(integration), null, terms.AccountRemoteId), terms), cancellation);
    }

    public Task Clear(long alert, IReadOnlyList<EffectiveSetting> settings, CancellationToken cancellation) =>
        Ask(alerts, alert, new AlertMessage.Cleared(null, "", TicketChoice.CloseStatus(settings)), cancellation);

    public async Task<IReadOnlyList<EffectiveSetting>> Settings(long integration, CancellationToken cancellation) =>
        await desk.Effective(Msp, integration, null, null, cancellation) ?? throw new BenchException("The hub has no such PSA.");

    private static async Task Ask<TState, TMessage>(TurnEngine<TState, TMessage> grain, long id, TMessage message, CancellationToken cancellation)
        where TState : class
    {
        TurnResult result;
        do
        {
            result = await grain.Ask(Msp, id, message, Clerk, cancellation);
        }
        while (result is TurnResult.Busy);
        if (result != new TurnResult.Taken(Verdict.Ok)) throw new BenchException($"{grain.Kind} {id} refused {message}: {result}");
    }
}
