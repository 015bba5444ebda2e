namespace Trainer.Recovery;

/// <summary>A living silo as one silo sees it.</summary>
/// <param name="Name">Its name: a silo that replaces a killed one has it again.</param>
/// <param name="Address">Its address: never used twice.</param>
/// <param name="IsLeaving">It is about to stop: it still answers, and takes nothing new.</param>
internal sealed record SeenSilo(string Name, string Address, bool IsLeaving);
