using System.Globalization;
using Microsoft.Extensions.Logging;
using UsageBilling.Connectors;
using UsageBilling.Runtime.Turns;
using UsageBilling.Silo;
using UsageBilling.Silo.Hygiene;

namespace UsageBilling.Benchmarks.Faults;

/// <summary>A silo in fast time: as in production, with production's waits, but for its vendors on this machine.</summary>
internal static class FastSilo
{
    public const string Began = "--began";
    public const string Speed = "--speed";
    public const string BmsShare = "--bms-share";

    private const int SpeedMax = 1_000;

    /// <summary>Quartz keeps the machine's time, and looks no more often than this; in fast time that is rarer than in production.</summary>
    private static readonly TimeSpan PokeEvery = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<string> Words(FastClock clock, int bmsSharePercent) =>
        [Began, clock.BeganText, Speed, clock.Speed.ToString(CultureInfo.InvariantCulture), BmsShare, bmsSharePercent.ToString(CultureInfo.InvariantCulture)];

    public static SiloOptions Options(string connection, Arguments arguments)
    {
        var clock = new FastClock(DateTimeOffset.Parse(arguments.Text(Began)!, CultureInfo.InvariantCulture), arguments.Number(Speed, 1, 1, SpeedMax));
        var production = new HygieneOptions();
        return new SiloOptions
        {
            ConnectionString = connection,
            Clock = clock,
            Hands = WorkKinds.Turns | WorkKinds.Intents | WorkKinds.Runs | WorkKinds.Tickets,
            Connectors = new ConnectorOptions { AllowLoopback = true, BmsSharePercent = arguments.Number(BmsShare, new ConnectorOptions().BmsSharePercent, 1, ConnectorOptions.SharePercentMax) },
            ReconcileAfter = null,
            PokeEvery = PokeEvery,
            // A session is silent because the machine is busy, and the machine is not fast
            Hygiene = production with
            {
                SilenceEvery = production.SilenceEvery * clock.Speed, AwaitedSilence = production.AwaitedSilence * clock.Speed, LongestSilence = production.LongestSilence * clock.Speed,
            },
            DatabaseWait = TimeSpan.FromSeconds(60) * clock.Speed,
            QuartzLog = LogLevel.None,
        };
    }
}
