namespace VideoService.Rendering;

/// <summary>The level that x264 gives a film: the least whose limits hold it (Rec. ITU-T H.264, table A-1).</summary>
internal static class H264Level
{
    private static readonly (int Level, int BlocksASecond, int BlocksOfAPicture)[] Table =
    [
        (10, 1_485, 99), (11, 3_000, 396), (12, 6_000, 396), (13, 11_880, 396), (21, 19_800, 792), (22, 20_250, 1_620), (30, 40_500, 1_620), (31, 108_000, 3_600), (32, 216_000, 5_120), (40, 245_760, 8_192),
        (42, 522_240, 8_704), (50, 589_824, 22_080), (51, 983_040, 36_864), (52, 2_073_600, 36_864), (60, 4_177_920, 139_264), (61, 8_355_840, 139_264),
    ];

    /// <summary>Ten times the level, as streams have it: 31 is level 3.1.</summary>
    public static int Of(int width, int height, int fps)
    {
        static int Blocks(int pixels) => (pixels + 15) / 16;
        var size = Blocks(width) * Blocks(height);
        return Table.First(row => row.BlocksASecond >= size * fps && row.BlocksOfAPicture >= size).Level;
    }
}
