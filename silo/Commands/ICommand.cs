namespace UsageBilling.Silo.Commands;

/// <summary>One thing that the program can be asked to do.</summary>
internal interface ICommand
{
    /// <summary>Does it.</summary>
    /// <returns>The program's exit status: 0 when it went well, 1 when it was refused with a sentence on standard error.</returns>
    Task<int> Run(CancellationToken cancellation);
}
