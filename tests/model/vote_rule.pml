/* The vote rule and its record (docs/formats/consensus.md) as a model for spin: every interleaving of three
   correct voters, a crash, and a Byzantine one is explored; check() holds after every signature.
   V: views, MAXC: crashes, RESERVE with RES: reserve mode, else exact mode.
   Mutants that must be found: SIGN_FIRST, NULL_NOT_RECORDED, RES_IGNORED, FIN_AFTER_NULL.

   3 correct voters, 1 Byzantine (may sign anything), quorum 3: a certificate needs 2 correct signatures.
   Two blocks per view, any legal parent. Voter 0 may crash MAXC times between any two steps. */
#define IDX(v,b) ((v)*2+(b))
#define CNT(m) (((m)&1)+(((m)>>1)&1)+(((m)>>2)&1))
#define NOTARIZED(v,b) ((v)==0 || CNT(nz[IDX(v,b)])>=2)
#define NULLIFIED(v) (CNT(nu[v])>=2)
#define FINAL(v,b) (CNT(fz[IDX(v,b)])>=2)
#define LEFT(v) (NOTARIZED(v,0)||NOTARIZED(v,1)||NULLIFIED(v))
byte nz[(V+1)*2], nu[V+1], fz[(V+1)*2];       /* signatures on the wire, bit i = voter i */
byte par[(V+1)*2];                            /* 0 = block does not exist, else 1 + IDX(parent) */
byte view[3], vn[3], vt[3];                   /* volatile: notarize 0|1+b, two 0|1 nullify|2+b finalize */
byte dview, dn, dt, dres, crashes;            /* durable record of voter 0 */
hidden byte c, v1, v2, b1, b2;
inline check() { v1=1;
  do :: v1<=V ->
     assert(!(NULLIFIED(v1) && (FINAL(v1,0)||FINAL(v1,1))));
     assert(!(CNT(nz[IDX(v1,0)])>=2 && CNT(nz[IDX(v1,1)])>=2)); b1=0;
     do :: b1<2 -> if :: FINAL(v1,b1) -> v2=v1+1;
             do :: v2<=V -> b2=0;
                do :: b2<2 -> if :: CNT(nz[IDX(v2,b2)])>=2 -> c=IDX(v2,b2);
                        do :: (c/2)>v1 -> c=par[c]-1 :: else -> break od; assert(c==IDX(v1,b1))
                      :: else -> skip fi; b2++
                   :: else -> break od; v2++
                :: else -> break od
           :: else -> skip fi; b1++
        :: else -> break od; v1++
     :: else -> break od }
inline persist() {
#ifdef RESERVE
  if :: view[0]>dres -> dres=view[0]+RES-1 :: else -> skip fi
#else
  dview=view[0]; dn=vn[0]; dt=vt[0]
#endif
}
#define EMITN(i) nz[IDX(view[i],vn[i]-1)] = nz[IDX(view[i],vn[i]-1)]|(1<<i)
#define EMITT(i) if :: vt[i]==1 -> nu[view[i]]=nu[view[i]]|(1<<i) :: else -> fz[IDX(view[i],vt[i]-2)]=fz[IDX(view[i],vt[i]-2)]|(1<<i) fi
proctype Voter(byte i) { byte b, w, p;
end: do
  :: atomic { view[i]<V -> select(w : 2 .. V);                                          /* R4 */
      if :: w>view[i] && LEFT(w-1) -> view[i]=w; vn[i]=0; vt[i]=0 :: else -> skip fi; w=0 }
  :: atomic { view[i]<=V && vn[i]==0 && vt[i]==0 -> select(b : 0 .. 1);                 /* R1 */
      if :: par[IDX(view[i],b)]==0 && (b==0 || par[IDX(view[i],0)]!=0) -> select(p : 0 .. (V*2-1));
            if :: p!=1 && (p/2)<view[i] && NOTARIZED(p/2,p%2) -> w=p/2+1;
                  do :: w<view[i] && NULLIFIED(w) -> w++ :: else -> break od;
                  if :: w==view[i] -> par[IDX(view[i],b)]=1+p :: else -> skip fi
               :: else -> skip fi
         :: else -> skip fi;
      if :: par[IDX(view[i],b)]!=0 -> vn[i]=1+b;
            if :: i!=0 -> EMITN(i); check() :: else ->
#ifdef SIGN_FIRST
              EMITN(0); check()
#else
              persist()
#endif
            fi
         :: else -> skip fi; b=0; w=0; p=0 }
  :: atomic { view[i]<=V && vt[i]==0 -> vt[i]=1;                                    /* R3 */
      if :: i!=0 -> EMITT(i); check() :: else ->
#ifndef NULL_NOT_RECORDED
        persist()
#else
        skip
#endif
      fi }
  :: atomic { view[i]<=V && (vt[i]==0                                               /* R2 */
#ifdef FIN_AFTER_NULL
      || vt[i]==1
#endif
      ) -> select(b : 0 .. 1);
      if :: par[IDX(view[i],b)]!=0 && NOTARIZED(view[i],b) -> vt[i]=2+b;
            if :: i!=0 -> EMITT(i); check() :: else -> persist() fi
         :: else -> skip fi; b=0 }
  :: atomic { i==0 && view[0]<=V && vn[0]>=1 && vn[0]<=2 && !(nz[IDX(view[0],vn[0]-1)]&1) -> EMITN(0); check() }
  :: atomic { i==0 && view[0]<=V && vt[0]>=1 && vt[0]<=3 -> EMITT(0); check() }
#ifdef SIGN_FIRST
  :: atomic { i==0 -> persist() }
#endif
  :: atomic { i==0 && crashes<MAXC -> crashes++;
#ifdef RESERVE
      view[0]=dres; vn[0]=9; vt[0]=9
#ifdef RES_IGNORED
      ; view[0]=1; vn[0]=0; vt[0]=0
#endif
#else
      view[0]=dview; vn[0]=dn; vt[0]=dt
#endif
    }
  od }
init { atomic { view[0]=1; view[1]=1; view[2]=1; dview=1; run Voter(0); run Voter(1); run Voter(2) } }
