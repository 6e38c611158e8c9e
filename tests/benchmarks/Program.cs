using System.Globalization;
using UsageBilling.Benchmarks;
using UsageBilling.Benchmarks.Api;
using UsageBilling.Benchmarks.Chaos;
using UsageBilling.Benchmarks.Faults;
using UsageBilling.Benchmarks.Night;
using UsageBilling.Benchmarks.Posting;
using UsageBilling.Benchmarks.Turns;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

try
{
    return args switch
    {
        ["night", .. var rest] => await NightBench.Run(Arguments.Read(rest, NightBench.Known), stop.Token),
        ["chaos", .. var rest] => await ChaosBench.Run(Arguments.Read(rest, ChaosBench.Known), stop.Token),
        ["faults", .. var rest] => await FaultBench.Run(Arguments.Read(rest, FaultBench.Known), stop.Token),
        ["turn", .. var rest] => await TurnBench.Run(Arguments.Read(rest, TurnBench.Known), stop.Token),
        ["api", .. var rest] => await ApiBench.Run(Arguments.Read(rest, ApiBench.Known), stop.Token),
        ["post", .. var rest] => await PostBench.Run(Arguments.Read(rest, PostBench.Known), stop.Token),
        ["all", .. var rest] => await Everything.Run(Arguments.Read(rest, Everything.Known), stop.Token),
        [BenchSilo.Command, .. var rest] => await BenchSilo.Run(Arguments.Read(rest, BenchSilo.Known), stop.Token),
        ["-h" or "--help"] => Help(0),
        _ => Help(2),
    };
}
catch (BenchException mistake)
{
    await Console.Error.WriteLineAsync(mistake.Message);
    return 2;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

static int Help(int status)
{
    (status == 0 ? Console.Out : Console.Error).WriteLine("""
        Usage: ./bench night --lines N --changed PERCENT [--silos K] [--nights 1|2] [--pin] [--failing PERCENT] [--floor no] [--connection "Host=…"]
               ./bench turn [--lines N] [--seconds S] [--connection "Host=…"]
               ./bench api [--lines N] [--seconds S] [--readers EACH] [--connection "Host=…"]
               ./bench post [--items N] [--months M] [--connection "Host=…"]
               ./bench chaos [--minutes M] [--lines N] [--changed PERCENT] [--seed S]
               ./bench faults [--fault NAME] [--psa KIND] [--changes N] [--tickets N] [--percent P] [--seed S] [--speed S]
                             [--bms-share P] [--strangers N] [--hours H] [--connection "Host=…"]
               ./bench all [--out FILE] [--quick]
        """);
    return status;
}
