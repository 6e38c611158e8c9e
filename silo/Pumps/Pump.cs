using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace UsageBilling.Silo.Pumps;

/// <summary>Does one kind of work whenever it is told that there may be some, and again until there is none. Faults wait a moment and try again.</summary>
internal sealed class Pump(string name, Func<CancellationToken, Task<bool>> work, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> pokes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Poke() => pokes.Writer.TryWrite(true);

    public async Task Run(CancellationToken stopping)
    {
        Poke();
        while (await pokes.Reader.WaitToReadAsync(stopping))
        {
            pokes.Reader.TryRead(out _);
            await Drain(stopping);
        }
    }

    private async Task Drain(CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested && await work(stopping))
            {
                // more may have come while this was done
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault)
        {
            log.PumpFault(name, fault.Message);
            await Task.Delay(AfterFault, clock, stopping);
            Poke();
        }
    }
}
