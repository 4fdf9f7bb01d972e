import dev.mote.validator.DorySetup;
import dev.mote.validator.MalformedException;
import dev.mote.validator.Mote;
import dev.mote.validator.MoteException;
import dev.mote.validator.Native;
import dev.mote.validator.ProgramKey;
import dev.mote.validator.ProofBundle;
import dev.mote.validator.PublicIo;
import dev.mote.validator.RejectedException;
import dev.mote.validator.Verdict;
import dev.mote.validator.Verifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;

/** The facade as Java sees it, with null everywhere, and the native functions behind its back. */
final class FacadeTest {
    private interface Body {
        void run() throws Exception;
    }

    private static int checks;

    private static void check(boolean holds) {
        ++checks;
        if (!holds) {
            throw new AssertionError("it does not hold");
        }
    }

    private static void throwing(Class<? extends Throwable> type, Body body) {
        ++checks;
        try {
            body.run();
        } catch (Throwable e) {
            if (!type.isInstance(e)) {
                throw new AssertionError("not " + type, e);
            }
            return;
        }
        throw new AssertionError("nothing thrown, not " + type);
    }

    public static void main(String[] arguments) throws IOException, MoteException {
        byte[] bytes = Files.readAllBytes(Paths.get(arguments[0], "jolt", "muldiv-bundle.bin"));
        useIt(bytes);
        passNull(bytes);
        callNative(bytes);
        System.out.println("All tests passed (" + checks + " assertions in 3 test cases)");
    }

    private static void useIt(byte[] bytes) throws MoteException {
        check(Mote.verifyBundle(bytes).isAccepted());
        check(Mote.verifyBundle(ByteBuffer.wrap(bytes)).isAccepted());
        check(!Mote.getArchName().isEmpty());

        ProofBundle bundle = ProofBundle.open(bytes);
        PublicIo io = bundle.getPublicIo();
        check(!io.isPanic() && io.getOutputs()[0] == 15);
        check(io.getMemoryLayout().getProgramSize() > 0);
        check(Mote.verifyBundle(bytes, bundle.getKeyDigest(), bundle.getSetupDigest())
                .requireAccepted()
                .getStageCode() == 0);
        List<String> stages = new ArrayList<>();
        try (ProgramKey key = ProgramKey.open(bundle.getKey(), bundle.getKeyDigest());
                DorySetup setup = DorySetup.open(bundle.getSetup(), bundle.getSetupDigest());
                Verifier verifier = new Verifier(key, setup)) {
            check(!key.describe().isCommitted());
            check(verifier.verify(io, bundle.getProof()).isAccepted());
            check(verifier.verify(io, bundle.getProof(), null, stages::add).isAccepted());
            Verdict no = verifier.verify(new PublicIo(io.getInputs(), new byte[1]),
                    bundle.getProof());
            check(!no.isAccepted() && !no.getStage().isEmpty() && !no.getReason().isEmpty());
            throwing(RejectedException.class, no::requireAccepted);
        }
        check(stages.contains("stage 8"));
        try {
            Mote.verifyBundle(new byte[0]);
            check(false);
        } catch (MalformedException e) {
            check(e.getVerdict().getField().equals("key.program"));
        }
    }

    private static void passNull(byte[] bytes) throws MoteException {
        Class<? extends Throwable> type = NullPointerException.class;
        ProofBundle bundle = ProofBundle.open(bytes);
        ProgramKey key = ProgramKey.open(bundle.getKey(), bundle.getKeyDigest());
        DorySetup setup = DorySetup.open(bundle.getSetup(), bundle.getSetupDigest());
        Verifier verifier = new Verifier(key, setup);
        PublicIo io = bundle.getPublicIo();
        throwing(type, () -> Mote.verifyBundle((byte[]) null));
        throwing(type, () -> Mote.verifyBundle((ByteBuffer) null));
        throwing(type, () -> ProofBundle.open((byte[]) null));
        throwing(type, () -> ProofBundle.open((ByteBuffer) null));
        throwing(type, () -> ProgramKey.open((byte[]) null, bundle.getKeyDigest()));
        throwing(type, () -> ProgramKey.open(bundle.getKey(), null));
        throwing(type, () -> DorySetup.open((byte[]) null, bundle.getSetupDigest()));
        throwing(type, () -> DorySetup.open(bundle.getSetup(), null));
        throwing(type, () -> new Verifier(null, setup));
        throwing(type, () -> new Verifier(key, null));
        throwing(type, () -> verifier.verify(null, bundle.getProof()));
        throwing(type, () -> verifier.verify(io, (byte[]) null));
        throwing(type, () -> verifier.verify(io, (ByteBuffer) null));
        throwing(type, () -> new PublicIo(null, new byte[0]));
        throwing(type, () -> new PublicIo(new byte[0], null));
        check(verifier.verify(io, bundle.getProof(), null, null).isAccepted());
        check(Mote.verifyBundle(bytes, null, null, null).isAccepted());
    }

    /** Not for users; whoever gets here all the same gets an exception. */
    private static void callNative(byte[] bytes) {
        Class<? extends Throwable> type = IllegalArgumentException.class;
        ByteBuffer direct = ByteBuffer.allocateDirect(1 << 20);
        ByteBuffer heap = ByteBuffer.allocate(1 << 20);
        byte[] digest = new byte[32];
        long[] out = new long[7];
        throwing(type, () -> Native.bundleOpen(bytes, new long[33], new byte[64], null));
        throwing(type, () -> Native.bundleOpen(bytes, new long[33], new byte[64], new long[6]));
        throwing(type, () -> Native.bundleOpen(bytes, new long[32], new byte[64], out));
        throwing(type, () -> Native.bundleOpen(bytes, null, new byte[64], out));
        throwing(type, () -> Native.bundleOpen(bytes, new long[33], new byte[63], out));
        check(Native.bundleOpen(null, new long[33], new byte[64], out) == 2);
        check(Native.keySize(null, 0, 0, out) == 2);
        int[][] ranges = {{-1, 1}, {0, -1}, {1, Integer.MAX_VALUE}, {Integer.MAX_VALUE, 1}};
        for (int[] r : ranges) {
            throwing(type, () -> Native.keySize(bytes, r[0], r[1], out));
            throwing(type, () -> Native.setupSize(bytes, r[0], r[1], out));
            throwing(type, () -> Native.keyOpen(direct, null, bytes, r[0], r[1], digest, out));
            throwing(type, () -> Native.setupOpen(direct, bytes, r[0], r[1], digest, out));
        }
        throwing(type, () -> Native.keySize(null, 0, 1, out));
        throwing(type, () -> Native.keyOpen(null, null, bytes, 0, 1, digest, out));
        throwing(type, () -> Native.keyOpen(heap, null, bytes, 0, 1, digest, out));
        throwing(type, () -> Native.keyOpen(direct, new byte[1000], bytes, 0, 1, null, out));
        throwing(type, () -> Native.keyOpen(direct, new byte[] {1}, bytes, 0, 1, digest, out));
        throwing(type, () -> Native.setupOpen(heap, bytes, 0, 1, digest, out));
        for (long address : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            throwing(type, () -> Native.keyDescribe(direct, address, new long[25], digest));
            throwing(type, () -> Native.verifySize(direct, address, direct, address, out));
            throwing(type, () -> Native.verify(direct, direct, address, direct, address, false,
                    bytes, bytes, null, bytes, 0, 1, null, null, out));
        }
        check(Native.text(9, -1) != null && Native.text(1, -1).equals("unknown"));
    }
}
